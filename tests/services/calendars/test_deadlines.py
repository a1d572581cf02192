"""Deadlines: the rules one by one, and the properties that hold for every calendar."""

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.calendars.deadlines import (
    Deadline,
    WorkingCalendar,
    add_working_days,
    add_working_minutes,
    deadline,
    working_minutes_between,
)
from tenants.clock import LOCAL

STANDARD_DAY = ((time(7, 30), time(11, 30)), (time(14), time(17)))
STANDARD = WorkingCalendar(dict.fromkeys(range(5), STANDARD_DAY))
MONDAY = date(2026, 11, 23)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LOCAL)


def monday_plus(days: int) -> date:
    return MONDAY + timedelta(days=days)


def told(result: Deadline) -> list[tuple[date, int | None, str]]:
    return [(day.day, day.number, day.reason) for day in result.days]


def test_a_limit_of_three_days_ends_at_close_of_the_third_working_day():
    assert add_working_days(at(MONDAY, 9), 3, STANDARD) == at(monday_plus(3), 17)


def test_a_limit_skips_the_weekend():
    assert add_working_days(at(monday_plus(3), 9), 2, STANDARD) == at(monday_plus(7), 17)


def test_a_request_at_the_closing_minute_counts_as_received_that_day():
    assert add_working_days(at(MONDAY, 17), 1, STANDARD) == at(monday_plus(1), 17)


def test_a_request_after_closing_counts_as_received_on_the_next_working_day():
    assert add_working_days(at(MONDAY, 17, 1), 1, STANDARD) == at(monday_plus(2), 17)


def test_a_request_before_opening_counts_as_received_that_day():
    assert add_working_days(at(MONDAY, 5), 1, STANDARD) == at(monday_plus(1), 17)


def test_a_request_on_saturday_counts_as_received_on_monday():
    assert add_working_days(at(monday_plus(5), 10), 1, STANDARD) == at(monday_plus(8), 17)


def test_the_day_is_cambodias_day_and_not_the_day_in_utc():
    early_tuesday = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert add_working_days(early_tuesday, 1, STANDARD) == at(monday_plus(2), 17)


def test_minutes_run_only_while_the_office_is_open():
    assert working_minutes_between(at(MONDAY, 11), at(MONDAY, 14, 15), STANDARD) == 45
    assert working_minutes_between(at(MONDAY, 16), at(monday_plus(1), 8), STANDARD) == 90
    assert working_minutes_between(at(monday_plus(4), 17), at(monday_plus(7), 7), STANDARD) == 0


def test_minutes_backwards_are_none():
    assert working_minutes_between(at(MONDAY, 11), at(MONDAY, 9), STANDARD) == 0


def test_an_hour_given_at_closing_time_ends_the_next_morning():
    assert add_working_minutes(at(MONDAY, 17), 60, STANDARD) == at(monday_plus(1), 8, 30)


def test_a_full_day_given_from_opening_ends_at_closing_time():
    assert add_working_minutes(at(MONDAY, 7, 30), 420, STANDARD) == at(MONDAY, 17)


def test_a_deadline_without_pauses_tells_each_day():
    tuesday = date(2026, 11, 24)
    calendar = WorkingCalendar(STANDARD.periods, {tuesday: "Water Festival"})
    result = deadline(at(MONDAY, 9), 4, calendar, now=at(MONDAY, 9))
    assert result.due_at == at(monday_plus(7), 17)
    assert told(result) == [
        (MONDAY, None, "received"),
        (tuesday, None, "holiday"),
        (monday_plus(2), 1, "counted"),
        (monday_plus(3), 2, "counted"),
        (monday_plus(4), 3, "counted"),
        (monday_plus(5), None, "weekend"),
        (monday_plus(6), None, "weekend"),
        (monday_plus(7), 4, "due"),
    ]
    assert result.days[1].holiday_name == "Water Festival"


def test_a_deadline_tells_why_an_evening_request_waits():
    result = deadline(at(MONDAY, 19), 1, STANDARD, now=at(MONDAY, 19))
    assert told(result) == [
        (MONDAY, None, "after_hours"),
        (monday_plus(1), None, "received"),
        (monday_plus(2), 1, "due"),
    ]


def test_a_day_of_waiting_for_the_citizen_moves_the_deadline_one_day():
    pause = (at(monday_plus(1), 7, 30), at(monday_plus(1), 17))
    result = deadline(at(MONDAY, 9), 2, STANDARD, [pause], now=at(MONDAY, 9))
    assert result.due_at == at(monday_plus(3), 17)
    assert told(result) == [
        (MONDAY, None, "received"),
        (monday_plus(1), None, "paused"),
        (monday_plus(2), 1, "counted"),
        (monday_plus(3), 2, "due"),
    ]


def test_a_pause_on_the_day_of_receipt_is_given_back_by_a_day_that_does_not_count():
    pause = (at(MONDAY, 15), at(MONDAY, 16))
    result = deadline(at(MONDAY, 9), 1, STANDARD, [pause], now=at(MONDAY, 9))
    assert result.due_at == at(monday_plus(2), 8, 30)
    assert told(result)[1:] == [(monday_plus(1), None, "paused"), (monday_plus(2), 1, "due")]


def test_a_pause_without_end_runs_until_now():
    open_pause = (at(monday_plus(1), 7, 30), None)
    one_hour_on = deadline(at(MONDAY, 9), 2, STANDARD, [open_pause], now=at(monday_plus(1), 8, 30))
    assert one_hour_on.due_at == at(monday_plus(3), 8, 30)


def test_pauses_that_overlap_are_counted_once():
    pauses = [(at(monday_plus(1), 8), at(monday_plus(1), 10)), (at(monday_plus(1), 9), None)]
    result = deadline(at(MONDAY, 9), 1, STANDARD, pauses, now=at(monday_plus(1), 11))
    assert result.due_at == at(monday_plus(2), 10, 30)


def test_a_pause_before_receipt_changes_nothing():
    early = (at(monday_plus(-4), 8), at(monday_plus(-3), 17))
    result = deadline(at(MONDAY, 9), 1, STANDARD, [early], now=at(MONDAY, 9))
    assert result == deadline(at(MONDAY, 9), 1, STANDARD, now=at(MONDAY, 9))


def test_a_naive_moment_is_refused_everywhere():
    naive = datetime(2026, 11, 23, 9)  # noqa: DTZ001 - the very thing that must be refused
    aware = at(MONDAY, 9)
    calls = [
        lambda: add_working_days(naive, 1, STANDARD),
        lambda: add_working_minutes(naive, 0, STANDARD),
        lambda: working_minutes_between(aware, naive, STANDARD),
        lambda: deadline(aware, 1, STANDARD, [(naive, None)], now=aware),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="time zone"):
            call()


def test_time_never_runs_backwards():
    with pytest.raises(ValueError, match="forward"):
        add_working_minutes(at(MONDAY, 9), -1, STANDARD)
    with pytest.raises(ValueError, match="forward"):
        add_working_days(at(MONDAY, 9), -1, STANDARD)
    with pytest.raises(ValueError, match="at least one"):
        deadline(at(MONDAY, 9), 0, STANDARD, now=at(MONDAY, 9))


@pytest.mark.parametrize(
    "periods",
    [
        {},
        {0: ()},
        {7: STANDARD_DAY},
        {0: ((time(11), time(9)),)},
        {0: ((time(8), time(12)), (time(11), time(17)))},
    ],
)
def test_a_calendar_that_cannot_be_is_refused(periods):
    with pytest.raises(ValueError, match=r"weekday|overlap"):
        WorkingCalendar(periods)


def test_a_closed_day_has_no_closing_time():
    with pytest.raises(ValueError, match="closed"):
        STANDARD.closes(monday_plus(5))


def test_ten_years_of_minutes_are_measured_at_once():
    begun = perf_counter()
    minutes = working_minutes_between(at(MONDAY, 9), at(date(2036, 11, 24), 9), STANDARD)
    assert minutes > 10 * 250 * 420
    assert perf_counter() - begun < 0.5


# Properties, over calendars with uneven weeks and any holidays.

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 12, 31))
MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(LOCAL),
)
MORNING, AFTERNOON = STANDARD_DAY
DAY_SHAPES = st.sampled_from([(), (MORNING,), STANDARD_DAY, ((time(8), time(12)), AFTERNOON)])
WEEKS = st.fixed_dictionaries(
    {0: st.just(STANDARD_DAY)}, optional=dict.fromkeys(range(1, 7), DAY_SHAPES)
)
HOLIDAYS = st.sets(DAYS, max_size=20)
CALENDARS = st.builds(
    lambda week, days: WorkingCalendar(week, dict.fromkeys(days, "holiday")), WEEKS, HOLIDAYS
)
LIMITS = st.integers(min_value=1, max_value=40)
MINUTES = st.integers(min_value=0, max_value=20_000)
WAITS = st.lists(
    st.tuples(st.integers(-3_000, 60_000), st.one_of(st.none(), st.integers(0, 20_000))),
    max_size=4,
)


def pauses_from(start, waits):
    begins = [(start + timedelta(minutes=after), length) for after, length in waits]
    return [
        (begin, None if length is None else begin + timedelta(minutes=length))
        for begin, length in begins
    ]


@given(MOMENTS, MINUTES, CALENDARS)
def test_minutes_added_are_the_minutes_measured(start, minutes, calendar):
    end = add_working_minutes(start, minutes, calendar)
    assert working_minutes_between(start, end, calendar) == minutes


@given(MOMENTS, MINUTES, MINUTES, CALENDARS)
def test_more_minutes_never_end_earlier(start, fewer, more, calendar):
    fewer, more = sorted((fewer, more))
    assert add_working_minutes(start, fewer, calendar) <= add_working_minutes(start, more, calendar)


@given(st.tuples(MOMENTS, MOMENTS, MOMENTS), CALENDARS)
def test_measured_time_adds_up_to_the_minute(moments, calendar):
    first, middle, last = sorted(moments)
    whole = working_minutes_between(first, last, calendar)
    parts = working_minutes_between(first, middle, calendar) + working_minutes_between(
        middle, last, calendar
    )
    assert 0 <= whole - parts <= 1


@given(MOMENTS, MOMENTS, LIMITS, CALENDARS)
def test_a_later_request_is_never_due_earlier(one, other, limit, calendar):
    earlier, later = sorted((one, other))
    assert add_working_days(earlier, limit, calendar) <= add_working_days(later, limit, calendar)


@given(MOMENTS, LIMITS, CALENDARS)
def test_a_longer_limit_is_due_later(start, limit, calendar):
    shorter = add_working_days(start, limit, calendar)
    assert shorter < add_working_days(start, limit + 1, calendar)


@given(MOMENTS, LIMITS, CALENDARS, WAITS)
def test_pauses_never_shorten_a_deadline(start, limit, calendar, waits):
    now = start + timedelta(days=30)
    plain = deadline(start, limit, calendar, now=now)
    assert deadline(start, limit, calendar, pauses_from(start, waits), now=now).due_at >= (
        plain.due_at
    )


@given(MOMENTS, LIMITS, CALENDARS, st.integers(0, 60))
def test_holidays_never_shorten_a_deadline(start, limit, calendar, offset):
    added = {start.date() + timedelta(days=offset): "added"}
    fuller = WorkingCalendar(calendar.periods, {**calendar.holidays, **added})
    assert deadline(start, limit, fuller, now=start).due_at >= (
        deadline(start, limit, calendar, now=start).due_at
    )


@given(MOMENTS, LIMITS, CALENDARS, WAITS)
def test_the_explanation_counts_the_limit_and_ends_on_the_due_day(start, limit, calendar, waits):
    result = deadline(
        start, limit, calendar, pauses_from(start, waits), now=start + timedelta(days=30)
    )
    days = [day.day for day in result.days]
    assert [day.number for day in result.days if day.counts] == list(range(1, limit + 1))
    assert days[0] == start.date()
    assert days == [days[0] + timedelta(days=offset) for offset in range(len(days))]
    assert (result.days[-1].reason, result.days[-1].number) == ("due", limit)
    assert days[-1] == result.due_at.astimezone(LOCAL).date()


@given(MOMENTS, LIMITS, CALENDARS)
def test_the_time_zone_of_the_moment_does_not_matter(start, limit, calendar):
    assert deadline(start.astimezone(UTC), limit, calendar, now=start) == (
        deadline(start, limit, calendar, now=start)
    )
