"""Exact quantiles of durations: find the bucket that holds the rank, then read only its minutes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db import connection

from analytics.facts import bucket_end
from analytics.periods import Part

NATION = 0
MEDIAN, P90 = 0.5, 0.9
SHARES = (MEDIAN, P90)

Buckets = Mapping[int, int]


@dataclass(frozen=True)
class Reading:
    """A stretch of minutes to read for a province, or for all (NATION), to settle a quantile."""

    province_id: int
    share: float
    from_minutes: int
    below_minutes: int
    counted_before: int
    total: int

    def value(self, counts: Iterable[tuple[int, int]]) -> float:
        """Return the quantile from sorted (minutes, count), as percentile_cont defines it."""
        position = self.share * (self.total - 1)
        lower, upper = math.floor(position), math.ceil(position)
        seen = self.counted_before
        first: int | None = None
        for minutes, n in counts:
            seen += n
            if first is None and seen > lower:
                first = minutes
            if first is not None and seen > upper:
                return first + (position - lower) * (minutes - first)
        raise LookupError("The durations ended before the rank was reached.")


def reading(province_id: int, share: float, buckets: Buckets) -> Reading | None:
    """Return what to read for a quantile of bucketed durations; None when there are none."""
    total = sum(buckets.values())
    if not total:
        return None
    position = share * (total - 1)
    start, before, seen = None, 0, 0
    for from_minutes in sorted(buckets):
        if start is None and seen + buckets[from_minutes] > math.floor(position):
            start, before = from_minutes, seen
        seen += buckets[from_minutes]
        if start is not None and seen > math.ceil(position):
            return Reading(
                province_id, share, start, bucket_end(from_minutes), before, total
            )
    raise LookupError("The buckets ended before the rank was reached.")


def quantiles(provinces: Sequence[int], parts: Sequence[Part]) -> dict[tuple[int, float], float]:
    """Return {(province, share): minutes} for SHARES; the key NATION holds all provinces' own.

    Elapsed minutes; two queries. What completed nothing has no entry.
    """
    buckets = _bucketed(provinces, parts)
    buckets[NATION] = _together(buckets.values())
    readings = [
        asked
        for province_id, counts in buckets.items()
        for share in SHARES
        if (asked := reading(province_id, share, counts)) is not None
    ]
    rows = _counted(readings, provinces, parts)
    found = {tag: [row[1:] for row in group] for tag, group in groupby(rows, key=itemgetter(0))}
    return {
        (asked.province_id, asked.share): asked.value(found.get(tag, ()))
        for tag, asked in enumerate(readings)
    }


def _together(several: Iterable[Buckets]) -> dict[int, int]:
    total: dict[int, int] = {}
    for buckets in several:
        for from_minutes, n in buckets.items():
            total[from_minutes] = total.get(from_minutes, 0) + n
    return total


def _part_params(provinces: Sequence[int], parts: Sequence[Part]) -> dict[str, list[object]]:
    return {
        "provinces": list(provinces),
        "grains": [part.grain for part in parts],
        "starts": [part.starts_on for part in parts],
    }


def _bucketed(provinces: Sequence[int], parts: Sequence[Part]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT b.province_id, b.from_minutes, sum(b.n)
            FROM unnest(%(provinces)s::bigint[]) AS p (id)
            CROSS JOIN unnest(%(grains)s::text[], %(starts)s::date[]) AS part (grain, starts_on)
            JOIN analytics_durationbucket b ON b.province_id = p.id
                AND b.grain = part.grain AND b.starts_on = part.starts_on
            GROUP BY b.province_id, b.from_minutes
            """,
            _part_params(provinces, parts),
        )
        for province_id, from_minutes, n in cursor.fetchall():
            found.setdefault(province_id, {})[from_minutes] = int(n)
    return found


def _counted(
    readings: Sequence[Reading], provinces: Sequence[int], parts: Sequence[Part]
) -> list[tuple[int, int, int]]:
    """Return (place in `readings`, minutes, count), sorted, for every reading at once."""
    wanted = [
        (tag, province_id, asked.from_minutes, asked.below_minutes)
        for tag, asked in enumerate(readings)
        for province_id in (provinces if asked.province_id == NATION else (asked.province_id,))
    ]
    columns = [list(column) for column in zip(*wanted, strict=True)] or [[], [], [], []]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT w.tag, c.minutes, sum(c.n)::bigint
            FROM unnest(%(tags)s::int[], %(ids)s::bigint[], %(lows)s::int[], %(highs)s::int[])
                AS w (tag, province_id, low, high)
            CROSS JOIN unnest(%(grains)s::text[], %(starts)s::date[]) AS part (grain, starts_on)
            JOIN analytics_durationcount c ON c.province_id = w.province_id
                AND c.grain = part.grain AND c.starts_on = part.starts_on
                AND c.minutes >= w.low AND c.minutes < w.high
            GROUP BY w.tag, c.minutes ORDER BY w.tag, c.minutes
            """,
            {
                **dict(zip(("tags", "ids", "lows", "highs"), columns, strict=True)),
                **_part_params(provinces, parts),
            },
        )
        return [(tag, minutes, n) for tag, minutes, n in cursor.fetchall()]
