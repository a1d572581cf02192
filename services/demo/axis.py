"""Working time as an axis of whole minutes, laid out once so that each deadline is a look-up.

A moment is a number of minutes since local midnight of the first day; Cambodia has had UTC+7
without changes since 1975. The results are those of services.calendars.deadlines.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate

from services.calendars.working import WorkingCalendar
from services.demo.proportions import HOUR_WEIGHTS, OTHER_HOUR_WEIGHT, WEEKDAY_WEIGHTS
from tenants.clock import LOCAL

DAY_MINUTES = 24 * 60
MINUTE = timedelta(minutes=1)
ZONE = "+07"


class _Texts(dict[int, str]):
    """Minutes as PostgreSQL reads them, made at the first use of each."""

    def __init__(self, first: date) -> None:
        super().__init__()
        self._first = datetime.combine(first, time())

    def __missing__(self, minute: int) -> str:
        text = f"{self._first + minute * MINUTE:%Y-%m-%d %H:%M}{ZONE}"
        self[minute] = text
        return text


class Days:
    """The calendar days of a history, as numbers and as PostgreSQL reads them."""

    def __init__(self, first: date, *, count: int) -> None:
        self.first = first
        self.count = count
        self.moments = _Texts(first)
        days = [first + timedelta(days=number) for number in range(count)]
        self._dates = [day.isoformat() for day in days]
        self._years = [day.year for day in days]

    def minute_of(self, moment: datetime) -> int:
        """Return the whole minute a moment lies in."""
        midnight = datetime.combine(self.first, time(), LOCAL)
        return (moment - midnight) // MINUTE

    def date(self, minute: int) -> str:
        """Return the local day of a minute as PostgreSQL reads it."""
        return self._dates[minute // DAY_MINUTES]

    def year(self, minute: int) -> int:
        """Return the local year of a minute."""
        return self._years[minute // DAY_MINUTES]


class WorkAxis:
    """The working minutes of some office hours over the days of a history."""

    def __init__(self, calendar: WorkingCalendar, days: Days) -> None:
        self.before: list[int] = []
        self.at: list[int] = []
        self._closes: list[int] = []
        self._received: list[tuple[int, int]] = []
        self._weights: list[float] = []
        for number in range(days.count):
            self._add_day(calendar, days.first + timedelta(days=number), number)
        self.before.append(len(self.at))

    def add(self, minute: int, working_minutes: int) -> int:
        """Return the first minute by which so much working time has passed."""
        if working_minutes == 0:
            return minute
        return self.at[self.before[minute] + working_minutes - 1] + 1

    def close_after(self, minute: int, working_days: int) -> int:
        """Return the close of business of the Nth working day after the day of receipt."""
        closes, received = self._received[minute // DAY_MINUTES]
        return self._closes[received + (minute > closes) + working_days]

    def starts(self, first: int, until: int) -> "Starts":
        """Return the minutes in which requests may come in, weighted by how many do."""
        low, high = self.before[first], self.before[until]
        if low >= high:
            raise ValueError("no office opens between the first and the last minute")
        return Starts(self.at[low:high], self._weights[low:high])

    def _add_day(self, calendar: WorkingCalendar, day: date, number: int) -> None:
        midnight = reached = number * DAY_MINUTES
        index = len(self._closes)
        for opens, closes in _spans(calendar, day):
            self.before.extend([len(self.at)] * (midnight + opens - reached))
            reached = midnight + closes
            self.before.extend(range(len(self.at), len(self.at) + closes - opens))
            self.at.extend(range(midnight + opens, reached))
            self._weights.extend(_weights(day.weekday(), opens, closes))
        self.before.extend([len(self.at)] * (midnight + DAY_MINUTES - reached))
        # What comes in after closing, or on a closed day, counts from the next working day.
        if reached == midnight:
            self._received.append((midnight + DAY_MINUTES, index))
        else:
            self._closes.append(reached)
            self._received.append((reached, index))


class Starts:
    """Draws the minutes of requests in order of time, so that batches follow each other."""

    def __init__(self, minutes: Sequence[int], weights: Sequence[float]) -> None:
        self._minutes = minutes
        self._sums = list(accumulate(weights))

    def at(self, share: float) -> int:
        """Return the minute by which this share (0 to 1) of all requests has come in."""
        place = bisect_left(self._sums, share * self._sums[-1])
        return self._minutes[min(place, len(self._minutes) - 1)]


def _spans(calendar: WorkingCalendar, day: date) -> list[tuple[int, int]]:
    if not calendar.is_working_day(day):
        return []
    return [
        (opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute)
        for opens, closes in calendar.periods[day.weekday()]
    ]


@cache
def _weights(weekday: int, opens: int, closes: int) -> list[float]:
    return [
        WEEKDAY_WEIGHTS[weekday] * HOUR_WEIGHTS.get(minute // 60, OTHER_HOUR_WEIGHT)
        for minute in range(opens, closes)
    ]
