"""Puts the national figures into the order in which the page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils.functional import Promise

from analytics.periods import CUSTOM, LABELS, Period
from analytics.queries import AS_OF_STEP_SECONDS, NationalFigures, ProvinceFigures
from analytics.web.measures import BY_CODE, MEASURES, Measure
from analytics.web.shapes import map_of
from tenants import clock

BY_PROVINCE = "code"
ASCENDING, DESCENDING = "asc", "desc"


@dataclass(frozen=True)
class Choice:
    """What the reader chose: period, the measure of the map, and the order of the table."""

    period: Period
    measure: Measure
    sort: str
    order: str

    def address(self, **changes: str) -> str:
        """Return the query string of this page with some choices changed."""
        chosen = {
            "period": self.period.code,
            "measure": self.measure.code,
            "sort": self.sort,
            "order": self.order,
            **changes,
        }
        if chosen["period"] == CUSTOM:
            chosen["from"] = self.period.starts_on.isoformat()
            chosen["to"] = self.period.ends_on.isoformat()
        return "?" + urlencode(chosen)


@dataclass(frozen=True)
class Link:
    """A choice to click: where it leads, and whether it is the present one."""

    label: Promise | str
    href: str
    is_current: bool


@dataclass(frozen=True)
class Cell:
    """A figure: its measure, as people read it, and exact for programs."""

    measure: Measure
    text: str
    value: str


@dataclass(frozen=True)
class Row:
    """A province of the table."""

    province: ProvinceFigures
    cells: tuple[Cell, ...]
    is_reporting: bool


@dataclass(frozen=True)
class Column:
    """The head of a column: sorts the table by it."""

    link: Link
    aria_sort: str


def chosen(params: Mapping[str, str], period: Period) -> Choice:
    """Return what an address chooses; what it does not know falls back to the usual."""
    sort = params.get("sort", "")
    order = params.get("order", "")
    return Choice(
        period,
        BY_CODE.get(params.get("measure", ""), MEASURES[0]),
        sort if sort in BY_CODE else BY_PROVINCE,
        order if order in {ASCENDING, DESCENDING} else ASCENDING,
    )


def parts_of_page(figures: NationalFigures, choice: Choice) -> dict[str, object]:
    """Return everything that changes with the figures, ready to be written out."""
    report = figures.freshness
    return {
        "figures": figures,
        "report": report,
        "as_of": _clock_time(report.as_of),
        "verified_at": _clock_time(report.verified_at),
        "tiles": _cells(MEASURES, figures),
        "rows": _rows(figures, choice),
        "map": map_of(figures.provinces, choice.measure),
        "by_province": choice.address(sort=BY_PROVINCE, order=ASCENDING),
        "choice": choice,
        "columns": tuple(_column(measure, choice) for measure in MEASURES),
        "measures": tuple(
            Link(measure.label, choice.address(measure=measure.code), measure == choice.measure)
            for measure in MEASURES
        ),
    }


def period_links(choice: Choice) -> tuple[Link, ...]:
    """Return the named periods to choose from."""
    return tuple(
        Link(label, choice.address(period=code), code == choice.period.code)
        for code, label in LABELS.items()
        if code != CUSTOM
    )


def _cells(
    measures: tuple[Measure, ...], of: NationalFigures | ProvinceFigures
) -> tuple[Cell, ...]:
    figures = of.total if isinstance(of, NationalFigures) else of.figures
    return tuple(
        Cell(measure, measure.text(figures), str(measure.read(figures) or 0))
        for measure in measures
    )


def _rows(figures: NationalFigures, choice: Choice) -> tuple[Row, ...]:
    ordered = list(figures.provinces)
    if choice.sort != BY_PROVINCE:
        read = BY_CODE[choice.sort].read
        empty = float("inf") if choice.order == ASCENDING else float("-inf")
        ordered.sort(key=lambda row: _or(read(row.figures), empty))
    if choice.order == DESCENDING:
        ordered.reverse()
    return tuple(
        Row(row, _cells(MEASURES, row), row.status.is_reporting(figures.freshness.now))
        for row in ordered
    )


def _or(value: float | None, empty: float) -> float:
    return empty if value is None else value


def _column(measure: Measure, choice: Choice) -> Column:
    is_current = choice.sort == measure.code
    is_descending = is_current and choice.order == DESCENDING
    order = ASCENDING if is_descending else DESCENDING
    state = "none" if not is_current else ("descending" if is_descending else "ascending")
    href = choice.address(sort=measure.code, order=order)
    return Column(Link(measure.label, href, is_current), state)


def _clock_time(moment: datetime | None) -> datetime | None:
    """Round down to the step in which the page's tag changes, in local time."""
    if moment is None:
        return None
    local = moment.astimezone(clock.LOCAL)
    return local.replace(
        second=local.second // AS_OF_STEP_SECONDS * AS_OF_STEP_SECONDS, microsecond=0
    )
