"""The public standard of a closed month: worked out from the facts, kept, published with care.

Only whole months that are over are published, and of two tables only: provinces with their
offices, and services of the nation. A year beside its months, or a table of services in offices,
would let small numbers be found by subtraction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from analytics.models import OfficeRef, StandardFigure, StandardKind
from analytics.queries import freshness
from analytics.suppression import hidden_among, is_few
from services.catalogue.models import Service
from tenants import clock
from tenants.context import as_national
from tenants.models import Province

_COUNTS = """
SELECT d.province_id, d.office_id, d.service_id, sum(d.received), sum(d.completed_on_time),
    sum(d.completed_late), sum(d.payments), sum(d.income_riel) - sum(d.reversals_riel)
FROM analytics_officeserviceday d
JOIN tenants_province p ON p.id = d.province_id AND NOT p.is_practice
WHERE d.day >= %(first)s AND d.day <= %(last)s
GROUP BY GROUPING SETS ((), (d.province_id), (d.province_id, d.office_id), (d.service_id))
"""
# The least duration that at least this share of all does not exceed.
_TIMES = """
WITH counted AS (
    SELECT d.province_id, d.office_id, d.service_id, d.minutes, sum(d.n) AS n
    FROM analytics_officeserviceduration d
    JOIN tenants_province p ON p.id = d.province_id AND NOT p.is_practice
    WHERE d.month = %(first)s
    GROUP BY GROUPING SETS ((d.minutes), (d.province_id, d.minutes),
        (d.province_id, d.office_id, d.minutes), (d.service_id, d.minutes))
), running AS (
    SELECT province_id, office_id, service_id, minutes,
        sum(n) OVER (PARTITION BY province_id, office_id, service_id ORDER BY minutes) AS upto,
        sum(n) OVER (PARTITION BY province_id, office_id, service_id) AS total
    FROM counted
)
SELECT province_id, office_id, service_id, min(minutes) FILTER (WHERE upto >= 0.5 * total),
    min(minutes) FILTER (WHERE upto >= 0.9 * total)
FROM running GROUP BY 1, 2, 3
"""
_MONTHS = """
SELECT DISTINCT date_trunc('month', day)::date FROM analytics_provinceday WHERE day < %s
"""
RECENT_MONTHS = 2
"""So many of the latest closed months are worked out again: late entries may still come."""
HOLDS_FOR = timedelta(hours=6)
DECEMBER = 12

Key = tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class StandardRow:
    """One row as it is published; without figures when they would tell of few.

    `code` is the province's, the office's or the service's; durations are elapsed minutes.
    """

    kind: str
    code: str
    province_code: str
    name_km: str
    name_en: str
    figure: StandardFigure | None


@dataclass(frozen=True)
class Standard:
    """What is published of a month: the nation, its provinces, their offices, its services."""

    month: date
    as_of: datetime | None
    computed_at: datetime
    nation: StandardRow
    provinces: tuple[StandardRow, ...]
    offices: tuple[StandardRow, ...]
    services: tuple[StandardRow, ...]

    def rows(self) -> tuple[StandardRow, ...]:
        """Return every row, the nation first."""
        return (self.nation, *self.provinces, *self.offices, *self.services)

    def offices_of(self, province_code: str) -> tuple[StandardRow, ...]:
        """Return the rows of a province's offices."""
        return tuple(row for row in self.offices if row.province_code == province_code)


def refresh_standards(now: datetime | None = None) -> int:
    """Work out every closed month that is missing, and the latest anew; return how many."""
    moment = now or clock.now()
    this_month = clock.local_day(moment).replace(day=1)
    with as_national():
        with connection.cursor() as cursor:
            cursor.execute(_MONTHS, [this_month])
            known = sorted((row[0] for row in cursor.fetchall()), reverse=True)
        nation = StandardFigure.objects.filter(kind=StandardKind.NATION)
        kept = dict(nation.values_list("month", "computed_at"))
        due = [
            month
            for place, month in enumerate(known)
            if month not in kept or (place < RECENT_MONTHS and kept[month] <= moment - HOLDS_FOR)
        ]
        for month in due:
            work_out(month, now=moment)
    return len(due)


def work_out(month: date, *, now: datetime) -> None:
    """Replace what is kept of a month, in one transaction; stands under the national role."""
    as_of = freshness().as_of
    figures = _figures(month, now=now, as_of=as_of)
    with as_national(), transaction.atomic():
        StandardFigure.objects.filter(month=month).delete()
        StandardFigure.objects.bulk_create(figures)


def published_months() -> list[date]:
    """Return the months that can be read, the latest first."""
    with as_national():
        months = StandardFigure.objects.filter(kind=StandardKind.NATION)
        return list(months.order_by("-month").values_list("month", flat=True))


def standard(month: date) -> Standard | None:
    """Return what is published of a month, small numbers hidden; None when there is nothing."""
    with as_national():
        figures = list(StandardFigure.objects.filter(month=month))
        names = _Names()
    nation = next((each for each in figures if each.kind == StandardKind.NATION), None)
    if nation is None:
        return None
    hidden = _hidden(figures, nation)
    rows = defaultdict(list)
    for figure in figures:
        rows[figure.kind].append(names.row(figure, is_hidden=figure.pk in hidden))
    provinces, offices, services = (
        tuple(sorted(rows[kind], key=lambda row: row.code))
        for kind in (StandardKind.PROVINCE, StandardKind.OFFICE, StandardKind.SERVICE)
    )
    whole = rows[StandardKind.NATION][0]
    return Standard(month, nation.as_of, nation.computed_at, whole, provinces, offices, services)


def month_after(month: date) -> date:
    """Return the first day of the next month."""
    return date(month.year + month.month // DECEMBER, month.month % DECEMBER + 1, 1)


def _figures(month: date, *, now: datetime, as_of: datetime | None) -> list[StandardFigure]:
    params = {"first": month, "last": month_after(month) - timedelta(days=1)}
    with as_national(), connection.cursor() as cursor:
        cursor.execute(_TIMES, params)
        times = {tuple(row[:3]): row[3:] for row in cursor.fetchall()}
        cursor.execute(_COUNTS, params)
        counts = cursor.fetchall()
    return [
        StandardFigure(
            month=month,
            kind=_kind(*row[:3]),
            province_id=row[0],
            office_id=row[1],
            service_id=row[2],
            received=row[3],
            on_time=row[4],
            late=row[5],
            payments=row[6],
            income_riel=row[7],
            median_minutes=times.get(tuple(row[:3]), (None, None))[0],
            p90_minutes=times.get(tuple(row[:3]), (None, None))[1],
            computed_at=now,
            as_of=as_of,
        )
        for row in counts
        if row[3] is not None
    ]


def _kind(province_id: int | None, office_id: int | None, service_id: int | None) -> StandardKind:
    if service_id is not None:
        return StandardKind.SERVICE
    if office_id is not None:
        return StandardKind.OFFICE
    return StandardKind.NATION if province_id is None else StandardKind.PROVINCE


def _hidden(figures: Iterable[StandardFigure], nation: StandardFigure) -> set[int]:
    """Return which rows to hide: in each table by itself, and all offices of a hidden province."""
    everything = list(figures)
    if is_few(_counts(nation)):
        return {each.pk for each in everything}
    hidden: set[int] = set()
    for kind in (StandardKind.PROVINCE, StandardKind.SERVICE):
        hidden |= _hidden_of([each for each in everything if each.kind == kind])
    provinces = [each for each in everything if each.kind == StandardKind.PROVINCE]
    for province in provinces:
        offices = [
            each
            for each in everything
            if each.kind == StandardKind.OFFICE and each.province_id == province.province_id
        ]
        is_whole = province.pk in hidden
        hidden |= {each.pk for each in offices} if is_whole else _hidden_of(offices)
    return hidden


def _hidden_of(rows: Iterable[StandardFigure]) -> set[int]:
    return hidden_among({row.pk: _counts(row) for row in rows})


def _counts(row: StandardFigure) -> tuple[int, ...]:
    """What a row's figures are made of: how many people stand behind each."""
    return row.received, row.completed, row.payments


class _Names:
    """Codes and names of provinces, offices and services, read once."""

    def __init__(self) -> None:
        self._provinces = {each.pk: each for each in Province.objects.all()}
        self._offices = {
            (each.province_id, each.office_id): each for each in OfficeRef.objects.all()
        }
        self._services = {each.pk: each for each in Service.objects.all()}

    def row(self, figure: StandardFigure, *, is_hidden: bool) -> StandardRow:
        """Return a figure with its names, or the names alone."""
        named: Any = None
        if figure.kind == StandardKind.SERVICE:
            named = self._services.get(figure.service_id or 0)
        elif figure.kind == StandardKind.OFFICE:
            named = self._offices.get((figure.province_id or 0, figure.office_id or 0))
        elif figure.kind == StandardKind.PROVINCE:
            named = self._provinces.get(figure.province_id or 0)
        province = self._provinces.get(figure.province_id or 0)
        return StandardRow(
            kind=figure.kind,
            code=getattr(named, "code", ""),
            province_code=province.code if province else "",
            name_km=getattr(named, "name_km", "ទូទាំងប្រទេស"),
            name_en=getattr(named, "name_en", "Whole country"),
            figure=None if is_hidden else figure,
        )
