"""Quantiles: exactly what percentile_cont gives over all durations."""

import random
from datetime import date

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from analytics.facts import BUCKET_BOUNDS, bucket_end, bucket_of
from analytics.folding import fold
from analytics.periods import custom_period
from analytics.quantiles import NATION, SHARES, quantiles, reading
from tenants.context import as_national, national_of
from tests.analytics.ledger import province, random_events, write_events


@given(st.integers(-5, 30_000_000))
def test_every_duration_lies_in_its_bucket(minutes):
    start = bucket_of(minutes)
    assert start <= minutes < bucket_end(start)


def test_the_database_finds_the_same_buckets(db):
    edges = [bound + step for bound in BUCKET_BOUNDS[1:-1] for step in (-1, 0, 1)]
    with as_national(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (%(bounds)s::int[])[width_bucket(minutes, %(bounds)s::int[])]"
            " FROM unnest(%(edges)s::int[]) WITH ORDINALITY AS e (minutes, place) ORDER BY place",
            {"bounds": list(BUCKET_BOUNDS), "edges": edges},
        )
        assert [row[0] for row in cursor.fetchall()] == [bucket_of(edge) for edge in edges]


def plain_quantile(values, share):
    """The definition in words: interpolate between the two values around the rank."""
    values = sorted(values)
    position = share * (len(values) - 1)
    low = int(position)
    high = min(low + (position > low), len(values) - 1)
    return values[low] + (position - low) * (values[high] - values[low])


@given(st.lists(st.integers(0, 50_000), min_size=1, max_size=60), st.sampled_from(SHARES))
def test_a_reading_holds_the_values_around_the_rank(minutes, share):
    buckets: dict[int, int] = {}
    for value in minutes:
        buckets[bucket_of(value)] = buckets.get(bucket_of(value), 0) + 1
    asked = reading(1, share, buckets)
    inside = sorted(v for v in minutes if asked.from_minutes <= v < asked.below_minutes)
    assert asked.value((value, 1) for value in inside) == plain_quantile(minutes, share)


def test_no_durations_give_no_quantile():
    assert reading(1, 0.5, {}) is None


def by_postgres(codes, first, last):
    """Ask percentile_cont itself over the events of some provinces."""
    durations = []
    for code in codes:
        with national_of(province(code)), connection.cursor() as cursor:
            cursor.execute(
                "SELECT duration_minutes FROM requests_requestevent"
                " WHERE kind = 'ready' AND occurred_on BETWEEN %s AND %s",
                [first, last],
            )
            durations += [row[0] for row in cursor.fetchall()]
    with as_national(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY minutes)"
            " FROM unnest(%s::int[]) AS d (minutes)",
            [durations],
        )
        return cursor.fetchone()[0]


@pytest.mark.usefixtures("committed")
def test_any_period_of_any_province_agrees_with_percentile_cont():
    codes = ("01", "02", "12")
    for place, code in enumerate(codes[:2]):
        write_events(random_events(1500, seed=place, days=900), code)
        fold(province(code), batch=400)
    ids = {code: province(code).pk for code in codes}
    chance = random.Random(5)  # noqa: S311 - repeatable, not secret
    for _turn in range(25):
        first = date(2025, 1, 1).toordinal() + chance.randrange(900)
        last = first + chance.choice((0, 1, 6, 29, 40, 364, 900))
        days = date.fromordinal(first), date.fromordinal(last)
        with as_national():
            found = quantiles(list(ids.values()), custom_period(*days).parts())
        for place, asked in ((NATION, codes), *((ids[code], (code,)) for code in codes)):
            told = [found.get((place, share)) for share in SHARES]
            assert told == (by_postgres(asked, *days) or [None, None])
