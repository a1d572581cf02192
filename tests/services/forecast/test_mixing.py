"""Mixing, calibrating and looking up: the properties that hold whatever the past was."""

import random
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.calendars.axis import WorkingAxis
from services.calendars.deadlines import add_working_minutes, working_minutes_between
from services.calendars.working import WorkingCalendar
from services.forecast.learning import (
    AGES,
    ANY_OFFICE,
    FEWEST,
    FROM_LIMIT,
    Manner,
    Manners,
    Model,
    age_of,
    rows_of,
)
from services.forecast.measuring import held_back, latest_quarter, measured
from services.forecast.mixing import Mixture, mix, weights
from services.forecast.visits import Nation, PastVisit
from tenants.clock import LOCAL

TIMES = st.lists(st.integers(-5_000, 50_000), max_size=40)
CALENDAR = WorkingCalendar(
    dict.fromkeys(range(5), ((time(7, 30), time(11, 30)), (time(14), time(17)))),
    {date(2026, 11, 9): "Independence Day"},
)
AXIS = WorkingAxis(CALENDAR, date(2026, 10, 1), 120)
MOMENTS = st.datetimes(datetime(2026, 10, 1), datetime(2026, 12, 20)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=LOCAL)
)


@given(MOMENTS, MOMENTS)
def test_the_line_of_minutes_measures_as_the_calendar_does(start, end):
    expected = working_minutes_between(start, end, CALENDAR)
    assert max(0, AXIS.position(end) - AXIS.position(start)) == expected


@given(MOMENTS, st.integers(1, 5_000))
def test_the_line_finds_the_day_on_which_so_many_minutes_have_passed(start, minutes):
    day = AXIS.day_at(AXIS.position(start) + minutes)
    assert day == add_working_minutes(start, minutes, CALENDAR).date()


def test_beyond_its_ends_the_line_stands_still():
    assert AXIS.position(datetime(2020, 1, 1, tzinfo=LOCAL)) == 0
    last = AXIS.position(datetime(2040, 1, 1, tzinfo=LOCAL))
    assert AXIS.day_at(last + 99_999) == date(2026, 10, 1) + timedelta(days=119)


@given(st.lists(st.integers(0, 500), min_size=3, max_size=3))
def test_weights_share_out_everything_and_trust_ones_own_more_the_more_there_is(counts):
    found = weights(counts)
    assert sum(found) == pytest.approx(1.0 if any(counts) else 0.0)
    assert all(share == 0 for share, n in zip(found, counts, strict=True) if not n)
    more = weights([counts[0] + 1, *counts[1:]])
    assert more[0] >= found[0]


@given(TIMES, TIMES, TIMES, st.floats(0.05, 0.95))
def test_a_mixtures_ranges_lie_within_what_happened_and_hold_their_share(own, near, far, share):
    mixture = mix([own, near, far])
    if mixture is None:
        assert [own, near, far] == [[], [], []]
        return
    low, high = mixture.shortest(share)
    everything = sorted([*own, *near, *far])
    assert everything[0] <= low <= high <= everything[-1]
    # What lies below the range, and what lies above it, is at most the rest.
    assert mixture.share_below(high + 1) - mixture.share_below(low) >= share - 1e-6
    assert mixture.quantile(share) <= mixture.quantile(min(1.0, share + 0.05))


def test_of_two_ranges_the_shorter_one_is_told():
    assert Mixture([(value, 1.0) for value in (0, 50, 51, 52, 53, 500)]).shortest(0.6) == (50, 53)


def test_an_office_with_few_times_leans_on_its_province():
    province = [100] * 200
    assert mix([[900] * 2, province, []]).quantile(0.5) == 100
    assert mix([[900] * 200, province, []]).quantile(0.5) == 900


def test_the_age_is_the_last_that_was_reached():
    assert [age_of(minutes) for minutes in (-5, 0, 14, 15, 59, 60)] == [0, 0, 0, 15, 30, 60]
    assert list(AGES) == sorted(set(AGES))


def visits(count, *, seed=1, offices=3):
    """A past in which a stage takes longer in one office than in another."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    found = []
    for request_id in range(count):
        office = 1 + request_id % offices
        first = int(chance.expovariate(1 / (200 * office)))
        second = int(chance.lognormvariate(5, 0.8))
        ended, limit = 1_000 * request_id, 2_400
        found.append(PastVisit(office, 7, "check", request_id, first, first + second, limit, ended))
        found.append(PastVisit(office, 7, "sign", request_id, second, second, limit - first, ended))
    return found


def test_four_ranges_in_five_hold_and_are_shorter_than_the_legal_limit():
    past = visits(1_500)
    found = measured(held_back(past, Nation()))
    assert 0.77 <= found.held <= 0.83
    assert 0.93 <= found.held_surely <= 0.97
    assert found.width < found.limit_width
    assert found.width < found.fair_width
    assert found.told > 0.95 * found.asked
    assert 0.74 <= measured(latest_quarter(past, Nation())).held <= 0.86


def test_nothing_is_measured_of_nothing():
    assert measured([]).held == measured(held_back([], Nation())).told == 0


def test_too_few_visits_tell_nothing_and_neighbours_help():
    few = visits(FEWEST // 2)
    assert Model(few, Nation()).at((1, 7, "check"), 0, 0) is None
    nation = Nation()
    nation.add(visits(60, seed=2))
    helped = Model(few, nation)
    assert helped.at((1, 7, "check"), 0, 0) is not None
    assert (ANY_OFFICE, 7, "check") in set(helped.places())


def test_rows_grow_with_the_time_already_spent_and_skip_what_says_nothing_new():
    rows = rows_of(Model(visits(900), Nation()), (3, 7, "check"), Manner())
    ages = [row[0] for row in rows]
    assert ages[0] == 0
    assert ages == sorted(ages)
    assert all(low <= likely <= sure for _age, low, likely, sure in rows)
    assert rows[-1][1] > rows[0][1]


def test_a_service_whose_ends_follow_the_limit_is_told_from_the_limit():
    chance = random.Random(3)  # noqa: S311 - repeatable, not secret
    past = []
    for request_id in range(800):
        limit = chance.choice((500, 2_000, 8_000))
        ready = max(30, limit - chance.randrange(60, 240))
        past.append(PastVisit(1, 7, "check", request_id, ready, ready, limit, request_id))
    assert Manners(past, Nation()).of(7).basis == FROM_LIMIT
    assert Manners(past, Nation()).of(99).basis == FROM_LIMIT
    assert Manners([], Nation()).of(7) == Manner()
