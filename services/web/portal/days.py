"""What many requests share, kept in the process: rows of "Why this date?", opening hours."""

from datetime import date, datetime

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from services.calendars.deadlines import deadline
from services.calendars.working import WorkingCalendar, local_day_of
from services.requests.tracking import TrackingView
from services.web.explaining import told
from services.web.opening import hours_text

ROW = '<tr class="{}"><th scope="row">{}</th><td>{}</td></tr>'
CLASSES = {"": "", "off": "is-off", "due": "is-due"}
MOST_KEPT = 5_000
Key = tuple[str, int, int, date, int]
_kept: dict[Key, tuple[WorkingCalendar, SafeString]] = {}
_hours: dict[tuple[int, str], tuple[WorkingCalendar, str]] = {}


def opening_hours(office_hours_id: int, calendar: WorkingCalendar, language: str) -> str:
    """The opening hours in one line; worked out anew when the calendar was read anew."""
    kept = _hours.get((office_hours_id, language))
    if kept is None or kept[0] is not calendar:
        kept = _hours[office_hours_id, language] = calendar, hours_text(calendar)
    return kept[1]


def day_rows(
    seen: TrackingView,
    limit_days: int,
    calendar: WorkingCalendar,
    now: datetime,
    language: str,
) -> SafeString:
    """Table rows of the days from the registration to the legal limit.

    Without pauses they depend on the day, and on whether the office had closed, alone.
    """
    start = seen.registered_at
    if start is None:
        return SafeString()
    if seen.pauses:
        return _rows(seen, start, limit_days, calendar, now)
    day = local_day_of(start)
    key = (language, seen.office_hours_id, limit_days, day, _after_closing(start, day, calendar))
    kept = _kept.get(key)
    if kept is not None and kept[0] == calendar:
        return kept[1]
    rows = _rows(seen, start, limit_days, calendar, now)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[key] = (calendar, rows)
    return rows


def _after_closing(start: datetime, day: date, calendar: WorkingCalendar) -> int:
    """Before the office closes, at that very moment, or after: -1, 0 or 1."""
    if not calendar.is_working_day(day):
        return 0
    closes = calendar.closes(day)
    return (start > closes) - (start < closes)


def _rows(
    seen: TrackingView, start: datetime, limit_days: int, calendar: WorkingCalendar, now: datetime
) -> SafeString:
    pauses = [(pause.started_at, pause.ended_at) for pause in seen.pauses]
    days = told(deadline(start, limit_days, calendar, pauses, now=now))
    return format_html_join("", ROW, ((CLASSES[day.kind], day.day, day.text) for day in days))
