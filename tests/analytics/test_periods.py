"""Periods: cut into parts that cover each day exactly once."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.periods import asked_period, custom_period, period_of
from owso.errors import Invalid

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def days_of(part):
    if part.grain == "d":
        return [part.starts_on]
    ends = {"m": lambda day: day.month != part.starts_on.month, "y": lambda day: False}[part.grain]
    found = []
    day = part.starts_on
    while day.year == part.starts_on.year and not ends(day):
        found.append(day)
        day += timedelta(days=1)
    return found


@given(DAYS, DAYS)
def test_parts_add_up_to_every_day_once(one, other):
    first, last = sorted((one, other))
    covered: Counter = Counter()
    for part in custom_period(first, last).parts():
        for day in days_of(part):
            covered[day] += part.sign
    wanted = {first + timedelta(days=place) for place in range((last - first).days + 1)}
    assert {day: n for day, n in covered.items() if n} == dict.fromkeys(wanted, 1)


@given(DAYS, DAYS)
def test_few_parts_suffice_for_any_period(one, other):
    first, last = sorted((one, other))
    assert len(custom_period(first, last).parts()) <= 2 * (6 + 16) + last.year - first.year + 1


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("today", TODAY, TODAY),
        ("7-days", date(2026, 11, 17), TODAY),
        ("30-days", date(2026, 10, 25), TODAY),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_named_periods_end_today_or_with_the_calendar(code, first, last):
    period = period_of(code, today=TODAY)
    assert (period.starts_on, period.ends_on) == (first, last)


def test_everything_is_read_by_the_years_that_hold_something():
    around = period_of("everything", today=TODAY).within(date(2024, 5, 6), date(2026, 2, 3))
    assert [(part.grain, part.starts_on.year) for part in around.parts()] == [
        ("y", 2024),
        ("y", 2025),
        ("y", 2026),
    ]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"period": "yesterday-ish"}, "period_unknown"),
        ({"period": "custom"}, "period_days"),
        ({"period": "custom", "from": "2026-13-01", "to": "2026-11-01"}, "period_days"),
        ({"period": "custom", "from": "2026-11-02", "to": "2026-11-01"}, "period_order"),
        ({"period": "custom", "from": "0001-01-01", "to": "2026-11-01"}, "period_order"),
    ],
)
def test_nonsense_is_refused_with_a_reason(params, code):
    with pytest.raises(Invalid) as refused:
        asked_period(params, today=TODAY)
    assert refused.value.code == code


def test_an_address_without_a_period_means_today():
    assert asked_period({}, today=TODAY).code == "today"
