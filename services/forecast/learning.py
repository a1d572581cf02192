"""Learns likely times from past visits: by office, service, stage and time already spent there.

Two ways to tell a time are tried on requests put aside: from entering the stage, or before the
legal limit. Each service gets the one whose ranges are shorter, and the share at which the ranges
hold as often as they promise (split conformal calibration).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.forecast.mixing import Mixture, mix
from services.forecast.visits import (
    PARTS,
    Keep,
    Kind,
    Nation,
    PastVisit,
    Place,
    by_kind,
    by_place,
    latest,
    look_at,
    part_of,
    spread,
)

AGES = (
    *(0, 15, 30, 60, 90, 120, 180, 240, 360, 480, 720, 960, 1440, 1920, 2880, 3840, 5760),
    *(7680, 9600, 12_000, 14_400, 19_200, 24_000, 30_000),
)
"""Working minutes in the stage at which the question is asked anew."""
FEWEST = 20
"""Nothing is said on fewer past visits than these, all layers together."""
MOST_OF_AN_OFFICE, MOST_OF_A_PROVINCE, MOST_OF_THE_NATION = 1_000, 300, 200
LIKELY, SURE = 0.8, 0.95
SHARES = tuple(round(0.6 + 0.02 * step, 2) for step in range(20))
FEWEST_TO_CALIBRATE, MOST_TO_CALIBRATE = 100, 2_400
ANY_OFFICE = 0
CALIBRATION = 1
"""The salt of the parts that calibrate, each asked by what was learned from the others."""
FROM_ENTRY, FROM_LIMIT = 0, 1
Layer = Sequence[PastVisit]


class Span(NamedTuple):
    """A forecast in working minutes, counted from the basis of its manner."""

    low: int
    likely: int
    sure: int


class Manner(NamedTuple):
    """How a service's times are told: from where, and at which shares of its mixtures."""

    basis: int = FROM_ENTRY
    share: float = LIKELY
    sure: float = SURE


class Model:
    """What is known of a province at a moment, ready to be asked."""

    def __init__(
        self, visits: Sequence[PastVisit], nation: Nation, *, keep: Keep | None = None
    ) -> None:
        known = [visit for visit in visits if keep is None or keep(visit.request_id)]
        self._offices = {
            place: latest(found, MOST_OF_AN_OFFICE) for place, found in by_place(known).items()
        }
        self._province = {
            kind: latest(found, MOST_OF_A_PROVINCE) for kind, found in by_kind(known).items()
        }
        self._nation: dict[Kind, Layer] = {
            kind: [
                visit
                for visit in found[-MOST_OF_THE_NATION:]
                if keep is None or keep(visit.request_id)
            ]
            for kind, found in nation.visits().items()
        }
        self._mixtures: dict[tuple[Place, int, int], Mixture | None] = {}

    def places(self) -> Iterator[Place]:
        """Return everything that can be asked for, the province as a whole as ANY_OFFICE."""
        yield from self._offices
        for service_id, stage_code in {*self._province, *self._nation}:
            yield ANY_OFFICE, service_id, stage_code

    def at(self, place: Place, age: int, basis: int) -> Mixture | None:
        """Return the times of visits that lasted at least `age` and were not late by then.

        None when they are too few.
        """
        key = (place, age, basis)
        if key not in self._mixtures:
            layers = [_times(layer, age, basis) for layer in self._layers(place)]
            # What an office has seen is among what its province has seen.
            is_enough = len(layers[1]) + len(layers[2]) >= FEWEST
            self._mixtures[key] = mix(layers) if is_enough else None
        return self._mixtures[key]

    def _layers(self, place: Place) -> tuple[Layer, Layer, Layer]:
        kind = place[1:]
        of_office, of_nation = self._offices.get(place, ()), self._nation.get(kind, ())
        return of_office, self._province.get(kind, ()), of_nation


def _times(layer: Layer, age: int, basis: int) -> list[int]:
    return [
        visit.remaining - (visit.limit if basis == FROM_LIMIT else 0)
        for visit in layer
        if visit.dwell >= age and visit.limit >= age
    ]


def age_of(minutes: int) -> int:
    """Return the last age that was reached after so many minutes."""
    return max(age for age in AGES if age <= max(minutes, 0))


def span_of(mixture: Mixture, manner: Manner) -> Span:
    """Read the three times of a mixture."""
    low, likely = mixture.shortest(manner.share)
    return Span(low, likely, max(likely, mixture.quantile(manner.sure)))


class Trial:
    """How one basis did on requests it had not seen: by share, how often it held, how wide."""

    def __init__(self, basis: int) -> None:
        self.basis, self.asked = basis, 0
        self._told = [0] * len(SHARES)
        self._held = [0] * len(SHARES)
        self._width = [0] * len(SHARES)
        self._below: list[float] = []

    def add(self, visit: PastVisit, mixture: Mixture) -> None:
        """Ask a mixture about a visit whose end is known."""
        start = visit.limit if self.basis == FROM_LIMIT else 0
        truth, now = visit.remaining - start, look_at(visit) - start
        self.asked += 1
        self._below.append(mixture.share_below(truth))
        for place, share in enumerate(SHARES):
            low, high = mixture.shortest(share)
            if high >= now:  # what has passed is not told
                self._told[place] += 1
                self._held[place] += low <= truth <= high
                self._width[place] += high - max(low, now)

    def best(self) -> tuple[float, Manner]:
        """Return the mean width at the share that holds LIKELY, and the manner it makes."""
        place = min(range(len(SHARES)), key=self._misses_by)
        sure = sorted(self._below)[min(self.asked - 1, int(self.asked * SURE))]
        manner = Manner(self.basis, SHARES[place], min(0.995, max(SHARES[place], sure)))
        return self._width[place] / max(1, self._told[place]), manner

    def _misses_by(self, place: int) -> float:
        return abs(self._held[place] / max(1, self._told[place]) - LIKELY)


class Manners:
    """The manner of each service, and the one for services of which too little is known."""

    def __init__(
        self, visits: Sequence[PastVisit], nation: Nation, keep: Keep | None = None
    ) -> None:
        trials: dict[tuple[int | None, int], Trial] = {}
        for part in range(PARTS):
            model = Model(visits, nation, keep=_all_but(part, keep))
            for visit in _of_part(visits, part, keep):
                for basis in (FROM_ENTRY, FROM_LIMIT):
                    mixture = model.at(visit[:3], age_of(look_at(visit)), basis)
                    if mixture is None:
                        continue
                    for service_id in (visit.service_id, None):
                        trial = trials.setdefault((service_id, basis), Trial(basis))
                        trial.add(visit, mixture)
        self._found = dict(_best(trials))

    def of(self, service_id: int) -> Manner:
        """Return the manner of a service."""
        return self._found.get(service_id) or self._found.get(None) or Manner()


def _all_but(part: int, keep: Keep | None) -> Keep:
    return lambda request_id: (
        part_of(request_id, CALIBRATION) != part and (keep is None or keep(request_id))
    )


def _of_part(visits: Sequence[PastVisit], part: int, keep: Keep | None) -> Sequence[PastVisit]:
    aside = [
        visit
        for visit in visits
        if part_of(visit.request_id, CALIBRATION) == part
        and (keep is None or keep(visit.request_id))
        and look_at(visit) <= visit.limit
    ]
    return spread(aside, MOST_TO_CALIBRATE // PARTS)


def _best(trials: dict[tuple[int | None, int], Trial]) -> Iterator[tuple[int | None, Manner]]:
    candidates: dict[int | None, list[tuple[float, Manner]]] = defaultdict(list)
    for (service_id, _basis), trial in trials.items():
        if trial.asked >= FEWEST_TO_CALIBRATE:
            candidates[service_id].append(trial.best())
    for service_id, found in candidates.items():
        yield service_id, min(found)[1]


def rows_of(model: Model, place: Place, manner: Manner) -> list[tuple[int, ...]]:
    """Return [age, low, likely, sure] for a place; a row that says nothing new is left out."""
    rows: list[tuple[int, ...]] = []
    for age in AGES:
        mixture = model.at(place, age, manner.basis)
        if mixture is None:
            break
        span = span_of(mixture, manner)
        if not rows or rows[-1][1:] != span:
            rows.append((age, *span))
    return rows
