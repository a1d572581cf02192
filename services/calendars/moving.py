"""What becomes of a deadline when the working calendar it was computed with changes."""

from datetime import date, datetime, timedelta
from itertools import islice

from services.calendars.working import ONE_DAY, WorkingCalendar, local_day_of
from tenants.clock import LOCAL


def moved_deadline(
    due_at: datetime, start: datetime, *, before: WorkingCalendar, after: WorkingCalendar
) -> datetime:
    """Move a deadline by the working days between start and itself that came or went.

    It keeps its clock time where the office is open then, and otherwise goes to the close of
    that day. For deadlines that no rule gave, such as those of an older register.
    """
    first, due_day = local_day_of(start), local_day_of(due_at)
    lost = _working_days(first, due_day, before) - _working_days(first, due_day, after)
    if lost == 0:
        return due_at
    day = _later(due_day, lost, after) if lost > 0 else _earlier(due_day, -lost, after)
    wanted = due_at.astimezone(LOCAL) + (day - due_day)
    spans = after.spans(day)
    if any(opens <= wanted <= closes for opens, closes in spans):
        return wanted
    return spans[-1][1]


def _working_days(first: date, last: date, calendar: WorkingCalendar) -> int:
    days = (first + timedelta(days=offset) for offset in range(1, (last - first).days + 1))
    return sum(calendar.is_working_day(day) for day in days)


def _later(day: date, count: int, calendar: WorkingCalendar) -> date:
    return next(islice(calendar.working_days_from(day + ONE_DAY), count - 1, None))


def _earlier(day: date, count: int, calendar: WorkingCalendar) -> date:
    while count:
        day -= ONE_DAY
        count -= calendar.is_working_day(day)
    return day
