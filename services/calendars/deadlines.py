"""Deadlines as pure functions over a limit, a working calendar and the pauses of a request.

Moments are aware datetimes; a naive one raises ValueError. Limits are working days and pauses are
measured in working minutes: the time the office would have been open.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal

from services.calendars.working import ONE_DAY, WorkingCalendar, local_day_of
from tenants.clock import LOCAL

__all__ = [
    "Deadline",
    "DeadlineDay",
    "Pause",
    "Reason",
    "WorkingCalendar",
    "add_working_days",
    "add_working_minutes",
    "deadline",
    "subtract_working_minutes",
    "working_minutes_between",
]

Pause = tuple[datetime, datetime | None]
Reason = Literal[
    "after_hours", "received", "counted", "weekend", "holiday", "closure", "paused", "due"
]

ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class DeadlineDay:
    """One day on the way to a deadline: whether it counts towards the limit, and why.

    `holiday_name` is the name of the holiday, or the reason of the office's own closure.
    """

    day: date
    counts: bool
    number: int | None
    reason: Reason
    holiday_name: str = ""


@dataclass(frozen=True)
class Deadline:
    """The moment a request is due (UTC-comparable, local zone) and the days that lead to it."""

    due_at: datetime
    days: tuple[DeadlineDay, ...]


def working_minutes_between(start: datetime, end: datetime, calendar: WorkingCalendar) -> int:
    """Measure the whole working minutes from start to end; 0 when end is not after start."""
    first, last = local_day_of(start), local_day_of(end)
    if end <= start:
        return 0
    if first == last:
        return _open_time(first, start, end, calendar) // ONE_MINUTE
    total = _open_time(first, start, end, calendar) + _open_time(last, start, end, calendar)
    for offset in range(1, (last - first).days):
        total += calendar.working_time_of(first + timedelta(days=offset))
    return total // ONE_MINUTE


def add_working_minutes(start: datetime, minutes: int, calendar: WorkingCalendar) -> datetime:
    """Give the first moment by which that many working minutes have passed since start.

    Zero minutes give start itself. Raises ValueError for negative minutes.
    """
    day = local_day_of(start)
    if minutes < 0:
        msg = "working time only runs forward"
        raise ValueError(msg)
    if minutes == 0:
        return start.astimezone(LOCAL)
    left = minutes * ONE_MINUTE
    for opens, closes in _spans_from(start, day, calendar):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError  # pragma: no cover - the spans never end


def subtract_working_minutes(end: datetime, minutes: int, calendar: WorkingCalendar) -> datetime:
    """Give the last moment from which that many working minutes pass until the end.

    Zero minutes give the end itself. Raises ValueError for negative minutes.
    """
    if minutes < 0:
        msg = "working time only runs forward"
        raise ValueError(msg)
    left, day = minutes * ONE_MINUTE, local_day_of(end)
    if not left:
        return end.astimezone(LOCAL)
    while True:
        for opens, closes in reversed(calendar.spans(day)):
            length = min(closes, end) - opens
            if left <= length:
                return opens + length - left
            left -= max(length, timedelta())
        day -= ONE_DAY


def add_working_days(start: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Give the close of business of the Nth working day after the day of receipt.

    What comes in after closing time or on a closed day counts as received on the next working
    day. Raises ValueError for a negative number of days.
    """
    if days < 0:
        msg = "a limit of working days only runs forward"
        raise ValueError(msg)
    received = _received_day(start, calendar)
    due_day = next(islice(calendar.working_days_from(received), days, None))
    return calendar.closes(due_day)


def deadline(
    start: datetime,
    limit_days: int,
    calendar: WorkingCalendar,
    pauses: Sequence[Pause] = (),
    *,
    now: datetime,
) -> Deadline:
    """Give the legal deadline of a request and explain it day by day.

    The limit runs to the close of the last counted day; the working minutes of every pause are
    added to it. A pause without an end is still running at ``now``. The explanation counts
    exactly ``limit_days`` days, of which the due day is the last. Raises ValueError for a limit
    below one day.
    """
    if limit_days < 1:
        msg = "a limit is at least one working day"
        raise ValueError(msg)
    stops = tuple(_merged(_clipped(pauses, start, now)))
    paused = sum(working_minutes_between(begin, end, calendar) for begin, end in stops)
    due_at = add_working_minutes(add_working_days(start, limit_days, calendar), paused, calendar)
    return Deadline(due_at=due_at, days=_explain(start, due_at, limit_days, calendar, stops))


def _open_time(day: date, start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    return sum(
        (
            max(min(closes, end) - max(opens, start), timedelta())
            for opens, closes in calendar.spans(day)
        ),
        timedelta(),
    )


def _spans_from(
    start: datetime, day: date, calendar: WorkingCalendar
) -> Iterator[tuple[datetime, datetime]]:
    for working_day in calendar.working_days_from(day):
        for opens, closes in calendar.spans(working_day):
            if closes > start:
                yield max(opens, start.astimezone(LOCAL)), closes


def _received_day(start: datetime, calendar: WorkingCalendar) -> date:
    day = local_day_of(start)
    if calendar.is_working_day(day) and start <= calendar.closes(day):
        return day
    return next(calendar.working_days_from(day + ONE_DAY))


def _clipped(
    pauses: Iterable[Pause], start: datetime, now: datetime
) -> Iterator[tuple[datetime, datetime]]:
    for begin, end in pauses:
        local_day_of(begin)
        stop = now if end is None else end
        if stop > max(begin, start):
            yield max(begin, start), stop


def _merged(
    stops: Iterable[tuple[datetime, datetime]],
) -> Iterator[tuple[datetime, datetime]]:
    current: tuple[datetime, datetime] | None = None
    for begin, end in sorted(stops):
        if current is None:
            current = (begin, end)
        elif begin <= current[1]:
            current = (current[0], max(current[1], end))
        else:
            yield current
            current = (begin, end)
    if current is not None:
        yield current


def _explain(
    start: datetime,
    due_at: datetime,
    limit_days: int,
    calendar: WorkingCalendar,
    stops: Sequence[tuple[datetime, datetime]],
) -> tuple[DeadlineDay, ...]:
    received, due_day = _received_day(start, calendar), local_day_of(due_at)
    days = [_day_before_receipt(day, calendar) for day in _days(local_day_of(start), received)]
    days.append(DeadlineDay(received, counts=False, number=None, reason="received"))
    after = list(_days(received + ONE_DAY, due_day + ONE_DAY))
    working = [day for day in after if calendar.is_working_day(day)]
    stopped = _given_back(working, len(working) - limit_days, calendar, stops)
    number = 0
    for day in after:
        counts = calendar.is_working_day(day) and day not in stopped
        number += counts
        days.append(_day_after_receipt(day, number if counts else None, due_day, calendar))
    return tuple(days)


def _given_back(
    working: Sequence[date],
    count: int,
    calendar: WorkingCalendar,
    stops: Sequence[tuple[datetime, datetime]],
) -> frozenset[date]:
    """Choose the days that do not count: as many as the due day moved, the longest stopped first.

    A stop of part of a day, or on the day of receipt, moves the due day as well, and days may
    differ in length; so the days are not the stopped minutes, only their clearest telling.
    """
    if count <= 0:
        return frozenset()
    days_of_stops = [(local_day_of(begin), local_day_of(end)) for begin, end in stops]
    stopped_time = {
        day: sum(
            (
                _open_time(day, *stop, calendar)
                for stop, (first, last) in zip(stops, days_of_stops, strict=True)
                if first <= day <= last
            ),
            timedelta(),
        )
        for day in working[:-1]
    }
    longest_first = sorted(stopped_time, key=lambda day: (stopped_time[day], day), reverse=True)
    return frozenset(longest_first[:count])


def _days(first: date, end: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((end - first).days))


def _closed_day(day: date, calendar: WorkingCalendar) -> DeadlineDay | None:
    if calendar.is_working_day(day):
        return None
    if not calendar.periods.get(day.weekday()):
        return DeadlineDay(day, counts=False, number=None, reason="weekend")
    if day in calendar.holidays:
        name = calendar.holidays[day]
        return DeadlineDay(day, counts=False, number=None, reason="holiday", holiday_name=name)
    name = calendar.closures[day]
    return DeadlineDay(day, counts=False, number=None, reason="closure", holiday_name=name)


def _day_before_receipt(day: date, calendar: WorkingCalendar) -> DeadlineDay:
    return _closed_day(day, calendar) or DeadlineDay(
        day, counts=False, number=None, reason="after_hours"
    )


def _day_after_receipt(
    day: date, number: int | None, due_day: date, calendar: WorkingCalendar
) -> DeadlineDay:
    if closed := _closed_day(day, calendar):
        return closed
    if day == due_day:
        reason: Reason = "due"
    else:
        reason = "paused" if number is None else "counted"
    return DeadlineDay(day, counts=number is not None, number=number, reason=reason)
