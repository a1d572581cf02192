from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.calendars.deadlines import (
    WorkingCalendar,
    add_working_days,
    add_working_minutes,
    working_minutes_between,
)
from services.demo.axis import Days, WorkAxis
from tenants.clock import LOCAL

FIRST = date(2026, 9, 1)
SPLIT_DAY = ((time(7, 30), time(11, 30)), (time(14), time(17)))
CALENDAR = WorkingCalendar(
    dict.fromkeys(range(5), SPLIT_DAY),
    {date(2026, 9, 24): "holiday", date(2026, 10, 9): "holiday", date(2026, 10, 12): "holiday"},
)
DAYS = Days(FIRST, count=200)
AXIS = WorkAxis(CALENDAR, DAYS)
LAST_START = 60 * 24 * 60
minutes = st.integers(0, LAST_START)


def moment(minute: int) -> datetime:
    return datetime.combine(FIRST, time(), LOCAL) + timedelta(minutes=minute)


@given(minutes, st.integers(0, 10_000))
def test_adding_working_time_on_the_axis_agrees_with_the_deadlines(start, working_minutes):
    found = AXIS.add(start, working_minutes)
    assert moment(found) == add_working_minutes(moment(start), working_minutes, CALENDAR)


@given(minutes, minutes)
def test_the_axis_measures_working_time_as_the_deadlines_do(start, end):
    measured = max(0, AXIS.before[end] - AXIS.before[start])
    assert measured == working_minutes_between(moment(start), moment(end), CALENDAR)


@given(minutes, st.integers(1, 60))
def test_a_legal_limit_on_the_axis_agrees_with_the_deadlines(start, limit):
    found = AXIS.close_after(start, limit)
    assert moment(found) == add_working_days(moment(start), limit, CALENDAR)


@given(minutes)
def test_a_minute_is_written_as_its_local_time(minute):
    assert datetime.fromisoformat(DAYS.moments[minute]) == moment(minute)
    assert DAYS.date(minute) == moment(minute).date().isoformat()
    assert DAYS.minute_of(moment(minute)) == minute


def test_requests_come_in_order_and_only_in_office_hours():
    starts = AXIS.starts(0, LAST_START)
    drawn = [starts.at(number / 500) for number in range(500)]
    assert drawn == sorted(drawn)
    assert all(minute in set(AXIS.at) for minute in drawn)


def test_no_requests_can_come_while_every_office_is_closed():
    saturday = 4 * 24 * 60
    with pytest.raises(ValueError, match="no office opens"):
        AXIS.starts(saturday, saturday + 60)
