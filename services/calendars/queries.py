"""Reading working calendars; each process keeps them for half a minute."""

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from owso.errors import NotFound
from services.calendars.models import Holiday, OpeningPeriod
from services.calendars.working import Periods, WorkingCalendar
from services.short_cache import ShortCache

FRESH_SECONDS = 30.0

_calendars: ShortCache[tuple[int, str], WorkingCalendar] = ShortCache(FRESH_SECONDS)


def calendar_for(office_hours_id: int) -> WorkingCalendar:
    """Give the calendar of some office hours, holidays named in the reader's language.

    A holiday added meanwhile shows after 30 seconds. Raises NotFound when there are no such
    office hours or they never open.
    """
    key = (office_hours_id, get_language() or "km")
    return _calendars.get(key, lambda: read_calendar(office_hours_id))


def clear_caches() -> None:
    """Forget the calendars of this process, after a change that must act at once."""
    _calendars.clear()


def read_calendar(office_hours_id: int) -> WorkingCalendar:
    """Give the calendar of some office hours as it stands in the database at this moment.

    Raises NotFound as `calendar_for` does.
    """
    periods: dict[int, Periods] = {}
    rows = OpeningPeriod.objects.filter(office_hours_id=office_hours_id).order_by("opens_at")
    for row in rows:
        periods[row.weekday] = (*periods.get(row.weekday, ()), (row.opens_at, row.closes_at))
    if not periods:
        raise NotFound(
            "office_hours_unknown",
            _("These office hours have no opening times. Choose other hours for the office."),
        )
    holidays = {holiday.day: holiday.name for holiday in Holiday.objects.all()}
    return WorkingCalendar(periods, holidays)
