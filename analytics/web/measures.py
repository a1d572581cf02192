"""The measures of the national page: names, definitions, and how each reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analytics.queries import Figures
from owso.formats import duration, riel

Number = int | float
NO_VALUE = "–"


@dataclass(frozen=True)
class Measure:
    """One figure: what it is called, what exactly it counts, and how it reads."""

    code: str
    label: Promise
    definition: Promise
    read: Callable[[Figures], Number | None]
    show: Callable[[Number], str]

    def text(self, figures: Figures) -> str:
        """Return the figure as people read it."""
        value = self.read(figures)
        return NO_VALUE if value is None else self.show(value)


def _count(value: Number) -> str:
    return f"{value:,.0f}"


def _share(value: Number) -> str:
    return f"{value:.1%}"


def _riel(value: Number) -> str:
    return riel(int(value))


def _duration(value: Number) -> str:
    return duration(round(value))


MEASURES = (
    Measure(
        "received",
        _("Requests"),
        _("Requests accepted with all their papers in the period: their legal time began."),
        lambda figures: figures.received,
        _count,
    ),
    Measure(
        "completed",
        _("Completed"),
        _("Requests whose processing ended in the period, so that the result could be collected."),
        lambda figures: figures.completed,
        _count,
    ),
    Measure(
        "net",
        _("Income"),
        _("Fees paid in the period less payments taken back in the period, in riel."),
        lambda figures: figures.net_riel,
        _riel,
    ),
    Measure(
        "on_time",
        _("On time"),
        _(
            "Part of the requests completed in the period that were completed within the legal"
            " limit. Days on which the office waited for the citizen do not count."
        ),
        lambda figures: figures.on_time_share,
        _share,
    ),
    Measure(
        "median",
        _("Median time"),
        _(
            "Half of the requests completed in the period took at most this long from acceptance"
            " to completion, nights and holidays included. Exact to the minute."
        ),
        lambda figures: figures.median_minutes,
        _duration,
    ),
    Measure(
        "p90",
        _("9 of 10 within"),
        _("90 % of the requests completed in the period took at most this long."),
        lambda figures: figures.p90_minutes,
        _duration,
    ),
    Measure(
        "open",
        _("Open now"),
        _("Requests accepted and not yet completed, rejected or withdrawn, at this moment."),
        lambda figures: figures.open,
        _count,
    ),
    Measure(
        "overdue",
        _("Late now"),
        _("Open requests whose last legal day has passed, at this moment."),
        lambda figures: figures.overdue,
        _count,
    ),
    Measure(
        "waiting",
        _("Waiting for the citizen"),
        _("Open requests whose clock stands still until the citizen brings something."),
        lambda figures: figures.waiting,
        _count,
    ),
)
BY_CODE = {measure.code: measure for measure in MEASURES}
