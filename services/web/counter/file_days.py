"""The days that lead to a file's legal limit, as rows of a table kept for all files like it."""

from datetime import date, datetime

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from owso.formats import language
from services.calendars.working import WorkingCalendar, local_day_of
from services.catalogue.queries import terms as terms_of
from services.offices.calendars import calendar_of
from services.requests.models import ServiceRequest
from services.requests.queries import explain_deadline
from services.web.explaining import told

_ROW = (
    '<tr><th class="govuk-table__header" scope="row">{}</th>'
    '<td class="govuk-table__cell">{}</td></tr>'
)
MOST_KEPT = 5_000
_kept: dict[tuple[str, int, int, date, int], tuple[WorkingCalendar, SafeString]] = {}


def day_rows(found: ServiceRequest, now: datetime, *, has_waited: bool) -> SafeString:
    """The rows; of a file that never waited they depend on the day it came in, and when that day.

    What is kept is written anew once the calendar of the office is another one.
    """
    if found.registered_at is None or has_waited:
        return _written(found, now, has_waited=has_waited)
    calendar = calendar_of(found.office_id)
    day = local_day_of(found.registered_at)
    side = _side_of_closing(found.registered_at, day, calendar)
    limit_days = terms_of(found.service_version_id).limit_days
    key = (language(), found.office_id, limit_days, day, side)
    kept = _kept.get(key)
    if kept is not None and (kept[0] is calendar or kept[0] == calendar):
        return kept[1]
    rows = _written(found, now, has_waited=False)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[key] = calendar, rows
    return rows


def _written(found: ServiceRequest, now: datetime, *, has_waited: bool) -> SafeString:
    days = told(explain_deadline(found, now=now, has_waited=has_waited))
    return format_html_join("", _ROW, ((day.day, day.text) for day in days))


def _side_of_closing(moment: datetime, day: date, calendar: WorkingCalendar) -> int:
    """Before the office closes, at that very moment, or after: -1, 0 or 1; 0 on a closed day."""
    if not calendar.is_working_day(day):
        return 0
    closes = calendar.closes(day)
    return (moment > closes) - (moment < closes)
