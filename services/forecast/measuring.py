"""Measures forecasts on requests that they had not seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.forecast.learning import FROM_LIMIT, Manners, Model, age_of, span_of
from services.forecast.visits import PARTS, Keep, Nation, PastVisit, look_at, part_of, spread

HELD_BACK = 2
"""The salt of the parts held back in turn."""
MOST_ASKED = 2_000
"""So many visits of a part are asked about, evenly drawn."""


class Judged(NamedTuple):
    """One forecast beside what happened; working minutes from the moment somebody looked.

    `low` is not below 0. A look without a forecast has None for its three times.
    """

    truth: int
    limit: int
    low: int = 0
    likely: int | None = None
    sure: int = 0


@dataclass(frozen=True)
class Measured:
    """How often forecasts held and how wide they were; widths are mean working minutes.

    `limit_held` and `limit_width`: the same of the plain legal limit. `fair_width`: how wide the
    limit would have to be, moved alike for all, to hold as often as the forecast.
    """

    asked: int
    told: int
    held: float
    held_surely: float
    width: float
    limit_held: float
    limit_width: float
    fair_width: float


def held_back(visits: Sequence[PastVisit], nation: Nation) -> list[Judged]:
    """Hold back each quarter of the requests in turn and ask what the others know of it.

    Each visit is looked at once, at a moment that is not late yet: later no forecast is shown.
    """
    return [one for part in range(PARTS) for one in _judged(visits, nation, _is_of_part(part))]


def latest_quarter(visits: Sequence[PastVisit], nation: Nation) -> list[Judged]:
    """Learn from what ended earlier and ask about the latest quarter: times that may drift."""
    ends = sorted({(visit.ended, visit.request_id) for visit in visits})
    late = {request_id for _ended, request_id in ends[len(ends) * 3 // 4 :]}
    return list(_judged(visits, nation, late.__contains__))


def measured(judged: Iterable[Judged]) -> Measured:
    """Sum up; everything is 0 when no forecast was told."""
    asked = list(judged)
    told = [(one, one.likely) for one in asked if one.likely is not None]
    n = len(told) or 1
    held = sum(one.low <= one.truth <= likely for one, likely in told)
    over = sorted(one.truth - one.limit for one, _likely in told)
    moved = over[min(max(held, 1), len(over)) - 1] if over else 0
    return Measured(
        asked=len(asked),
        told=len(told),
        held=held / n,
        held_surely=sum(one.truth <= one.sure for one, _likely in told) / n,
        width=sum(likely - one.low for one, likely in told) / n,
        limit_held=sum(one.truth <= one.limit for one, _likely in told) / n,
        limit_width=sum(one.limit for one, _likely in told) / n,
        fair_width=sum(max(0, one.limit + moved) for one, _likely in told) / n,
    )


def _is_of_part(part: int) -> Keep:
    return lambda request_id: part_of(request_id, HELD_BACK) == part


def _judged(visits: Sequence[PastVisit], nation: Nation, is_held_back: Keep) -> Iterator[Judged]:
    def keep(request_id: int) -> bool:
        return not is_held_back(request_id)

    manners, model = Manners(visits, nation, keep), Model(visits, nation, keep=keep)
    asked = [
        visit
        for visit in visits
        if is_held_back(visit.request_id) and look_at(visit) <= visit.limit
    ]
    for visit in spread(asked, MOST_ASKED):
        yield _judge(visit, model, manners)


def _judge(visit: PastVisit, model: Model, manners: Manners) -> Judged:
    manner, now = manners.of(visit.service_id), look_at(visit)
    mixture = model.at(visit[:3], age_of(now), manner.basis)
    truth, limit = visit.remaining - now, visit.limit - now
    if mixture is None:
        return Judged(truth, limit)
    start = (visit.limit if manner.basis == FROM_LIMIT else 0) - now
    low, likely, sure = (start + minutes for minutes in span_of(mixture, manner))
    if likely < 0:  # it takes longer than usual: nothing is told
        return Judged(truth, limit)
    return Judged(truth, limit, max(0, low), likely, sure)
