"""What each office offers in the history, and how often: terms and fees worked out beforehand."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, product
from typing import Generic, TypeVar

from owso.errors import Invalid
from services.catalogue.fees import quote
from services.catalogue.queries import offered
from services.catalogue.terms import RuleTerms, StageTerms, VersionTerms
from services.demo import proportions
from services.offices.models import OfficeKind

T = TypeVar("T")
LONG_LIMIT_DAYS = 30
RARE_WEIGHT = 0.2
QUANTITIES = (1, 1, 1, 1, 2, 2, 3, 4, 5, 8)
BULK_SECTORS = frozenset({"legalization"})
QUICK_SECTORS = frozenset({"legalization", "administration"})
"""Copies are certified while the citizen waits, within the hour."""


@dataclass(frozen=True, slots=True)
class Fee:
    """One answer to the fee's questions, with what one unit costs."""

    values: str
    tier_id: int
    unit_riel: int
    ceiling: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One service version as the history needs it."""

    version_id: int
    service_id: int
    sector_id: int
    limit_days: int
    plan_minutes: int
    stages: tuple[StageTerms, ...]
    shares: tuple[float, ...]
    fees: tuple[Fee, ...]
    quantities: tuple[int, ...]
    documents: tuple[int, ...]
    is_quick: bool


class Choice(Generic[T]):
    """Draws among weighted things; the sum of the weights is positive."""

    def __init__(self, weighted: Sequence[tuple[T, float]]) -> None:
        self._things = [thing for thing, _weight in weighted]
        self._sums = list(accumulate(weight for _thing, weight in weighted))

    def draw(self, share: float) -> T:
        """Return the thing at this share (0 to 1) of all weights."""
        place = bisect_right(self._sums, share * self._sums[-1])
        return self._things[min(place, len(self._things) - 1)]


def offers_of(kind: str, *, on: date) -> Choice[Offer]:
    """Return what an office of a kind offers on a day, drawn in the proportions of its sectors."""
    is_unit = kind == OfficeKind.UNIT
    services = offered("province" if is_unit else "district", on)
    weights = proportions.UNIT_SECTORS if is_unit else proportions.OFFICE_SECTORS
    return Choice(list(_weighted(services, weights)))


def _weighted(
    services: Sequence[VersionTerms], weights: Mapping[str, float]
) -> Iterator[tuple[Offer, float]]:
    """Share a sector's weight among its services; those with long limits are asked for rarely."""
    within = {terms.id: _weight(terms) for terms in services}
    of_sector: dict[str, float] = {}
    for terms in services:
        so_far = of_sector.get(terms.sector_code, 0.0)
        of_sector[terms.sector_code] = so_far + within[terms.id]
    for terms in services:
        fees = tuple(_fees(terms.fee))
        if fees:
            sector = weights.get(terms.sector_code, proportions.OTHER_SECTOR_WEIGHT)
            yield _offer(terms, fees), sector * within[terms.id] / of_sector[terms.sector_code]


def _weight(terms: VersionTerms) -> float:
    return RARE_WEIGHT if terms.limit_days >= LONG_LIMIT_DAYS else 1.0


def _offer(terms: VersionTerms, fees: tuple[Fee, ...]) -> Offer:
    minutes = [stage.limit_minutes for stage in terms.stages]
    bulk = 3 if terms.sector_code in BULK_SECTORS else 1
    quantities = (min(each * bulk, terms.fee.quantity_max) for each in QUANTITIES)
    return Offer(
        version_id=terms.id,
        service_id=terms.service_id,
        sector_id=terms.sector_id,
        limit_days=terms.limit_days,
        plan_minutes=sum(minutes),
        stages=terms.stages,
        shares=tuple(passed / sum(minutes) for passed in accumulate(minutes)),
        fees=fees,
        quantities=tuple(quantities),
        documents=tuple(paper.id for paper in terms.documents if paper.is_mandatory),
        is_quick=terms.sector_code in QUICK_SECTORS,
    )


def _fees(rule: RuleTerms) -> Iterator[Fee]:
    questions = [[(asked.code, value.code) for value in asked.values] for asked in rule.dimensions]
    for answers in product(*questions):
        values = dict(answers)
        try:
            found = quote(rule, values=values, quantity=1)
        except Invalid:  # the catalogue sets no fee for this combination
            continue
        yield Fee(json.dumps(values), found.tier_id, found.unit_riel, str(found.ceiling))
