"""What the doors read: the figures of a period, and how fresh they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from analytics.periods import Period
from analytics.quantiles import MEDIAN, NATION, P90, quantiles
from tenants import clock
from tenants.context import as_national

# A province is reporting when its figures were complete this recently.
REPORTING_WITHIN = timedelta(seconds=60)
# "As of" is told in steps, so that a page without news may answer "not modified".
AS_OF_STEP_SECONDS = 10


@dataclass(frozen=True)
class ProvinceStatus:
    """How far the figures of a province can be trusted.

    `current_at`: its figures were complete then. `failing_since`: folding fails since then.
    `verified_at`: last recount; `equal_at`: last recount without a difference.
    """

    id: int
    code: str
    name_km: str
    name_en: str
    current_at: datetime | None
    failing_since: datetime | None
    verified_at: datetime | None
    equal_at: datetime | None
    has_differences: bool
    position: str

    def is_reporting(self, now: datetime) -> bool:
        """Whether its figures are complete up to the last minute."""
        return self.current_at is not None and now - self.current_at <= REPORTING_WITHIN


@dataclass(frozen=True)
class FreshnessReport:
    """How fresh the national figures are: the oldest of all provinces counts."""

    now: datetime
    provinces: tuple[ProvinceStatus, ...]

    @property
    def as_of(self) -> datetime | None:
        """Everything committed anywhere until then is in the figures; None: some never came."""
        return _oldest(status.current_at for status in self.provinces)

    @property
    def verified_at(self) -> datetime | None:
        """All provinces were recounted without a difference then or later."""
        return _oldest(status.equal_at for status in self.provinces)

    @property
    def lagging(self) -> tuple[ProvinceStatus, ...]:
        """Provinces that are not reporting."""
        return tuple(status for status in self.provinces if not status.is_reporting(self.now))

    @property
    def differing(self) -> tuple[ProvinceStatus, ...]:
        """Provinces whose last recount found differences."""
        return tuple(status for status in self.provinces if status.has_differences)

    @property
    def reporting(self) -> int:
        """How many provinces are reporting."""
        return len(self.provinces) - len(self.lagging)

    @property
    def is_stopped(self) -> bool:
        """Whether no province at all is reporting: folding itself stands still."""
        return bool(self.provinces) and not self.reporting

    def fingerprint(self, *extra: object) -> str:
        """Return a short text that changes when any figure or warning may change."""
        as_of = int(self.as_of.timestamp()) // AS_OF_STEP_SECONDS if self.as_of else None
        states = [
            (status.code, status.position, status.is_reporting(self.now), status.failing_since,
             status.equal_at, status.has_differences)
            for status in self.provinces
        ]  # fmt: skip
        return hashlib.sha256(repr((as_of, states, extra)).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Figures:
    """Counts of a period, riel, and what is open now; durations in elapsed minutes."""

    received: int = 0
    incomplete: int = 0
    completed_on_time: int = 0
    completed_late: int = 0
    delivered: int = 0
    rejected: int = 0
    withdrawn: int = 0
    payments: int = 0
    income_riel: int = 0
    reversals: int = 0
    reversals_riel: int = 0
    open: int = 0
    overdue: int = 0
    waiting: int = 0
    median_minutes: float | None = None
    p90_minutes: float | None = None

    @property
    def completed(self) -> int:
        """Requests whose processing ended in the period, on time or late."""
        return self.completed_on_time + self.completed_late

    @property
    def on_time_share(self) -> float | None:
        """Part of the completed that was on time, 0 to 1; None when none was completed."""
        return self.completed_on_time / self.completed if self.completed else None

    @property
    def net_riel(self) -> int:
        """Income less reversals."""
        return self.income_riel - self.reversals_riel


@dataclass(frozen=True)
class ProvinceFigures:
    """The figures of one province."""

    status: ProvinceStatus
    figures: Figures


@dataclass(frozen=True)
class NationalFigures:
    """The figures of all provinces for a period, in the gazetteer's order; practice is left out."""

    period: Period
    total: Figures
    provinces: tuple[ProvinceFigures, ...]
    freshness: FreshnessReport

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to show."""
        return self.total == Figures()


_STATUS = """
SELECT p.id, p.code, p.name_km, p.name_en, f.current_at, f.failing_since,
    v.verified_at, v.equal_at, coalesce(v.has_differences, false),
    concat_ws('/', c.xact_id, c.event_id, c.folded_at)
FROM tenants_province p
LEFT JOIN analytics_foldcursor c ON c.province_id = p.id
LEFT JOIN analytics_freshness f ON f.province_id = p.id
LEFT JOIN (
    SELECT province_id, max(verified_at) AS verified_at, max(equal_at) AS equal_at,
        bool_or(NOT is_equal) AS has_differences
    FROM analytics_verification GROUP BY province_id
) v ON v.province_id = p.id
WHERE NOT p.is_practice ORDER BY p.code
"""
_MEASURES = """
SELECT province_id, min(day), max(day), sum(received), sum(incomplete), sum(completed_on_time),
    sum(completed_late), sum(delivered), sum(rejected), sum(withdrawn), sum(payments),
    sum(income_riel), sum(reversals), sum(reversals_riel)
FROM analytics_provinceday
WHERE province_id = ANY(%(provinces)s) AND day BETWEEN %(starts_on)s AND %(ends_on)s
GROUP BY province_id
"""
_MEASURE_NAMES = (
    "received", "incomplete", "completed_on_time", "completed_late", "delivered", "rejected",
    "withdrawn", "payments", "income_riel", "reversals", "reversals_riel",
)  # fmt: skip
_OPEN = """
SELECT province_id, sum(n), coalesce(sum(n) FILTER (WHERE due_on < %(today)s), 0),
    coalesce(sum(n) FILTER (WHERE due_on = DATE '9999-12-31'), 0)
FROM analytics_provinceopen WHERE province_id = ANY(%(provinces)s) GROUP BY province_id
"""
_OPEN_NAMES = ("open", "overdue", "waiting")
_ADDED = (*_MEASURE_NAMES, *_OPEN_NAMES)


def freshness() -> FreshnessReport:
    """Return how fresh the figures of every province are; one query."""
    return FreshnessReport(clock.now(), tuple(ProvinceStatus(*row) for row in _rows(_STATUS, {})))


def national(
    period: Period, *, today: date | None = None, report: FreshnessReport | None = None
) -> NationalFigures:
    """Return the figures of a period for the nation and each province; at most five queries.

    `report` spares asking for the freshness again. What is open is open now, for any period.
    """
    report = report or freshness()
    ids = [status.id for status in report.provinces]
    params = {
        "provinces": ids,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "today": today or clock.today(),
    }
    measures = _rows(_MEASURES, params)
    counts = {row[0]: dict(zip(_MEASURE_NAMES, map(int, row[3:]), strict=True)) for row in measures}
    for row in _rows(_OPEN, params):
        counts.setdefault(row[0], {}).update(zip(_OPEN_NAMES, map(int, row[1:]), strict=True))
    times = _times(period, ids, measures)
    provinces = tuple(
        ProvinceFigures(status, _figures(counts.get(status.id, {}), times, status.id))
        for status in report.provinces
    )
    total = {name: sum(getattr(row.figures, name) for row in provinces) for name in _ADDED}
    return NationalFigures(period, _figures(total, times, NATION), provinces, report)


def _times(
    period: Period, ids: Sequence[int], measures: Sequence[Sequence[Any]]
) -> dict[tuple[int, float], float]:
    if not measures:
        return {}
    around = period.within(min(row[1] for row in measures), max(row[2] for row in measures))
    with as_national():
        return quantiles(ids, around.parts())


def _figures(
    counts: Mapping[str, int], times: Mapping[tuple[int, float], float], place: int
) -> Figures:
    return Figures(
        **counts,
        median_minutes=times.get((place, MEDIAN)),
        p90_minutes=times.get((place, P90)),
    )


def _oldest(moments: Iterable[datetime | None]) -> datetime | None:
    known = list(moments)
    return None if not known or None in known else min(moment for moment in known if moment)


def _rows(statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with as_national(), connection.cursor() as cursor:
        cursor.execute(statement, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
