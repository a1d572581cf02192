"""Which calendar the open deadlines of each office rest on, so that a change is never missed."""

from services.offices.calendars import content_of, fresh_calendar
from services.offices.models import CalendarMark, Office


def ensure_mark(office: Office) -> None:
    """Note the calendar of an office before its first change; a mark that exists stays."""
    if not CalendarMark.objects.filter(pk=office.pk).exists():
        content = content_of(fresh_calendar(office))
        CalendarMark.objects.bulk_create(
            [CalendarMark(office=office, content=content)], ignore_conflicts=True
        )


def locked_mark(office: Office) -> CalendarMark:
    """Lock the mark of an office, making it when it is missing: one reckons at a time."""
    ensure_mark(office)
    return CalendarMark.objects.select_for_update().get(pk=office.pk)
