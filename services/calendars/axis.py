"""A calendar as a line of working minutes: a span costs one look-up at each end."""

from bisect import bisect_left
from datetime import date, datetime, timedelta
from itertools import accumulate

from services.calendars.working import WorkingCalendar
from tenants.clock import LOCAL

MINUTES_AN_HOUR = 60
Spans = tuple[tuple[int, int], ...]


class WorkingAxis:
    """Counts the working minutes of a calendar on from a first day, for so many days.

    Moments before the first day stand at 0, moments behind the last at the end.
    """

    def __init__(self, calendar: WorkingCalendar, first: date, days: int) -> None:
        self._start = first.toordinal()
        self._days = [first + timedelta(days=place) for place in range(days)]
        self._spans = [_spans(calendar, day) for day in self._days]
        lengths = (sum(end - begin for begin, end in spans) for spans in self._spans)
        self._before = [0, *accumulate(lengths)]

    def position(self, moment: datetime) -> int:
        """Return the working minutes from the first day until an aware moment, rounded down."""
        local = moment.astimezone(LOCAL)
        place = local.toordinal() - self._start
        if place < 0:
            return 0
        if place >= len(self._spans):
            return self._before[-1]
        minute = local.hour * MINUTES_AN_HOUR + local.minute
        passed = self._before[place]
        for begin, end in self._spans[place]:
            if minute > begin:
                passed += min(minute, end) - begin
        return passed

    def day_at(self, position: int) -> date:
        """Return the day on which so many working minutes have passed, the last one beyond it."""
        place = bisect_left(self._before, position, 1) - 1
        return self._days[place] if place < len(self._days) else self._days[-1]


def _spans(calendar: WorkingCalendar, day: date) -> Spans:
    if not calendar.is_working_day(day):
        return ()
    return tuple(
        (
            opens.hour * MINUTES_AN_HOUR + opens.minute,
            closes.hour * MINUTES_AN_HOUR + closes.minute,
        )
        for opens, closes in calendar.periods[day.weekday()]
    )
