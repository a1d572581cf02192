"""The working calendar of an office: when it is open, as a pure value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise

from tenants.clock import LOCAL, local_day

Periods = tuple[tuple[time, time], ...]
Span = tuple[datetime, datetime]

ONE_DAY = timedelta(days=1)


def local_day_of(moment: datetime) -> date:
    """Give the calendar day of a moment in Cambodia; a naive moment raises ValueError."""
    if moment.tzinfo is None:
        msg = "a moment without a time zone says nothing about the day it falls on"
        raise ValueError(msg)
    return local_day(moment)


@dataclass(frozen=True)
class WorkingCalendar:
    """Opening periods by weekday (Monday is 0, local time) and holidays with their names.

    `closures` are the days on which this one office stays closed, with the reasons.
    Raises ValueError when no weekday opens, when a period ends before it begins, or when
    periods of one weekday overlap: on such a calendar no deadline could ever be reached.
    """

    periods: Mapping[int, Periods]
    holidays: Mapping[date, str] = field(default_factory=dict)
    closures: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not any(self.periods.values()):
            msg = "a working calendar opens on at least one weekday"
            raise ValueError(msg)
        for weekday, periods in self.periods.items():
            _check_periods(weekday, periods)

    def is_working_day(self, day: date) -> bool:
        """Say whether the office opens on this day at all."""
        known = self._known.get(day)
        if known is None:
            known = bool(self.periods.get(day.weekday())) and not self._is_off(day)
            self._known[day] = known
        return known

    def spans(self, day: date) -> tuple[Span, ...]:
        """Give the open spans of a day as aware local moments; none on a closed day."""
        if not self.is_working_day(day):
            return ()
        return tuple(
            (datetime.combine(day, opens, LOCAL), datetime.combine(day, closes, LOCAL))
            for opens, closes in self.periods[day.weekday()]
        )

    def opens(self, day: date) -> datetime:
        """Give the moment a working day begins; ValueError on a closed day."""
        return self._open_spans(day)[0][0]

    def closes(self, day: date) -> datetime:
        """Give the close of business of a working day; ValueError on a closed day."""
        return self._open_spans(day)[-1][1]

    def working_days_from(self, day: date) -> Iterator[date]:
        """Yield the working days on or after a day, in order and without end."""
        while True:
            if self.is_working_day(day):
                yield day
            day += ONE_DAY

    def working_time_of(self, day: date) -> timedelta:
        """Give the open time of a whole day."""
        return timedelta() if self._is_off(day) else self._week[day.weekday()]

    @property
    def usual_day(self) -> timedelta:
        """Give the open time of the longest weekday: what people call one working day."""
        return max(self._week)

    @cached_property
    def _known(self) -> dict[date, bool]:
        """Which days were asked for so far: one explanation asks for each several times."""
        return {}

    @cached_property
    def _week(self) -> tuple[timedelta, ...]:
        return tuple(_length(self.periods.get(weekday, ())) for weekday in range(7))

    def _is_off(self, day: date) -> bool:
        return day in self.holidays or day in self.closures

    def _open_spans(self, day: date) -> tuple[Span, ...]:
        spans = self.spans(day)
        if not spans:
            msg = f"the office is closed on {day}"
            raise ValueError(msg)
        return spans


def _check_periods(weekday: int, periods: Periods) -> None:
    if weekday not in range(7):
        msg = f"{weekday} is no weekday: Monday is 0, Sunday is 6"
        raise ValueError(msg)
    moments = [moment for period in periods for moment in period]
    if any(later <= earlier for earlier, later in pairwise(moments)):
        msg = f"the opening periods of weekday {weekday} overlap or end before they begin"
        raise ValueError(msg)


def _length(periods: Periods) -> timedelta:
    midnight = date.min
    return sum(
        (
            datetime.combine(midnight, closes) - datetime.combine(midnight, opens)
            for opens, closes in periods
        ),
        timedelta(),
    )
