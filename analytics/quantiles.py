"""Exact quantiles of durations: find the bucket that holds the rank, then read only its minutes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
            return Reading(province_id, share, start, bucket_end(from_minutes), before, total)
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
    counts = _counted(_stretches(readings, provinces), parts)
    counts[NATION] = _together(counts.values())
    return {
        (asked.province_id, asked.share): asked.value(
            sorted(
                (minutes, n)
                for minutes, n in counts[asked.province_id].items()
                if asked.from_minutes <= minutes < asked.below_minutes
            )
        )
        for asked in readings
    }


def _stretches(readings: Sequence[Reading], provinces: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (province, from, below) that cover all readings without reading a minute twice."""
    found: list[tuple[int, int, int]] = []
    for province_id in provinces:
        ranges = sorted(
            (asked.from_minutes, asked.below_minutes)
            for asked in readings
            if asked.province_id in {province_id, NATION}
        )
        end = -math.inf
        for start, below in ranges:
            if start >= end:
                found.append((province_id, start, below))
            elif below > end:
                found[-1] = (province_id, found[-1][1], below)
            end = max(end, below)
    return found


def _together(several: Iterable[Buckets]) -> dict[int, int]:
    total: dict[int, int] = {}
    for buckets in several:
        for from_minutes, n in buckets.items():
            total[from_minutes] = total.get(from_minutes, 0) + n
    return total


def _part_params(parts: Sequence[Part]) -> dict[str, list[object]]:
    return {
        "grains": [part.grain for part in parts],
        "starts": [part.starts_on for part in parts],
        "signs": [part.sign for part in parts],
    }


# OFFSET 0 keeps each part an index range of its own: for many parts the planner would otherwise
# read whole tables, which grow with the country's history.
def _bucketed(provinces: Sequence[int], parts: Sequence[Part]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.id, b.from_minutes, sum(b.n * part.sign)
            FROM unnest(%(provinces)s::bigint[]) AS p (id)
            CROSS JOIN unnest(%(grains)s::text[], %(starts)s::date[], %(signs)s::int[])
                AS part (grain, starts_on, sign)
            CROSS JOIN LATERAL (
                SELECT from_minutes, n FROM analytics_durationbucket
                WHERE province_id = p.id AND grain = part.grain AND starts_on = part.starts_on
                OFFSET 0
            ) AS b
            GROUP BY 1, 2 HAVING sum(b.n * part.sign) <> 0
            """,
            {"provinces": list(provinces), **_part_params(parts)},
        )
        for province_id, from_minutes, n in cursor.fetchall():
            found.setdefault(province_id, {})[from_minutes] = int(n)
    return found


def _counted(
    stretches: Sequence[tuple[int, int, int]], parts: Sequence[Part]
) -> dict[int, dict[int, int]]:
    ids, lows, highs = ([row[place] for row in stretches] for place in range(3))
    found: dict[int, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT w.province_id, c.minutes, sum(c.n * part.sign)
            FROM unnest(%(ids)s::bigint[], %(lows)s::int[], %(highs)s::int[])
                AS w (province_id, low, high)
            CROSS JOIN unnest(%(grains)s::text[], %(starts)s::date[], %(signs)s::int[])
                AS part (grain, starts_on, sign)
            CROSS JOIN LATERAL (
                SELECT minutes, n FROM analytics_durationcount
                WHERE province_id = w.province_id AND grain = part.grain
                    AND starts_on = part.starts_on AND minutes >= w.low AND minutes < w.high
                OFFSET 0
            ) AS c
            GROUP BY 1, 2
            """,
            {"ids": ids, "lows": lows, "highs": highs, **_part_params(parts)},
        )
        for province_id, minutes, n in cursor.fetchall():
            found.setdefault(province_id, {})[minutes] = int(n)
    return found
