"""Past visits, the matter forecasts are learned from, and how they are parted; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

MOST_FROM_EACH = 40
"""So many visits a province adds to the nation's for each service and stage."""
GOLDEN = 0.6180339887498949
PARTS = 4

Place = tuple[int, int, str]
Kind = tuple[int, str]
Keep = Callable[[int], bool]


class PastVisit(NamedTuple):
    """A stage of a finished request, in working minutes from entering the stage.

    `dwell` until it was left, `remaining` until the result was ready, `limit` until the legal
    limit; `ended` orders visits by when the result was ready.
    """

    office_id: int
    service_id: int
    stage_code: str
    request_id: int
    dwell: int
    remaining: int
    limit: int
    ended: int


class Nation:
    """The latest visits of every province by service and stage, a few of each province."""

    def __init__(self) -> None:
        self._found: dict[Kind, list[PastVisit]] = defaultdict(list)

    def add(self, visits: Iterable[PastVisit]) -> None:
        """Take some of a province's visits."""
        for kind, of_kind in by_kind(visits).items():
            found = self._found[kind] + latest(of_kind, MOST_FROM_EACH)
            self._found[kind] = sorted(found, key=lambda visit: visit.ended)

    def visits(self) -> Mapping[Kind, Sequence[PastVisit]]:
        """Return what was taken."""
        return self._found


def by_kind(visits: Iterable[PastVisit]) -> dict[Kind, list[PastVisit]]:
    """Sort visits by service and stage."""
    found: dict[Kind, list[PastVisit]] = defaultdict(list)
    for visit in visits:
        found[visit.service_id, visit.stage_code].append(visit)
    return found


def by_place(visits: Iterable[PastVisit]) -> dict[Place, list[PastVisit]]:
    """Sort visits by office, service and stage."""
    found: dict[Place, list[PastVisit]] = defaultdict(list)
    for visit in visits:
        found[visit.office_id, visit.service_id, visit.stage_code].append(visit)
    return found


def latest(visits: Iterable[PastVisit], most: int) -> list[PastVisit]:
    """Return the visits that ended last, at most so many."""
    return sorted(visits, key=lambda visit: visit.ended)[-most:]


def spread(visits: Sequence[PastVisit], most: int) -> Sequence[PastVisit]:
    """Return about so many of the visits, evenly from all of them."""
    return visits[:: -(-len(visits) // most)] if visits else visits


def part_of(request_id: int, salt: int) -> int:
    """Return the part, of PARTS, that a request falls into under a salt; spread evenly."""
    return int((request_id * GOLDEN + salt * GOLDEN**3) % 1 * PARTS)


def look_at(visit: PastVisit) -> int:
    """Return one moment of a visit, spread evenly: when a citizen might have looked."""
    return int((visit.request_id * GOLDEN**2 + visit.remaining * GOLDEN) % 1 * visit.dwell)
