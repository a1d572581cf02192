"""One distribution from three: the office's own experience, its province's and the nation's.

Where an office has seen much, its own times count; where it has seen little, it borrows. All
times are working minutes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

PSEUDO_COUNT = 20
"""So many times of one's own weigh as much as everything borrowed."""
STARTS = 12
"""In so many steps a range is moved to find where it is shortest."""
TINY = 1e-9


class Mixture:
    """Weighted times, asked for quantiles and for the shortest range that holds a share."""

    def __init__(self, weighted: Sequence[tuple[int, float]]) -> None:
        ordered = sorted(weighted)
        self._values = [value for value, _weight in ordered]
        self._upto = list(accumulate(weight for _value, weight in ordered))
        self._shortest: dict[float, tuple[int, int]] = {}

    def quantile(self, share: float) -> int:
        """Return the least time that at least this share of all does not exceed."""
        place = bisect_left(self._upto, (share - TINY) * self._upto[-1])
        return self._values[min(place, len(self._values) - 1)]

    def share_below(self, value: int) -> float:
        """Return the share of all that is less than a time."""
        place = bisect_left(self._values, value)
        return self._upto[place - 1] / self._upto[-1] if place else 0.0

    def shortest(self, share: float) -> tuple[int, int]:
        """Return the shortest range that holds this share of all, of a few that are tried."""
        if share in self._shortest:
            return self._shortest[share]
        ranges = []
        for step in range(STARTS + 1):
            below = (1 - share) * step / STARTS
            low, high = self.quantile(below), self.quantile(below + share)
            ranges.append((high - low, low, high))
        _width, low, high = min(ranges)
        return self._shortest.setdefault(share, (low, high))


def weights(counts: Sequence[int]) -> list[float]:
    """Return what each layer weighs, nearest first: n / (n + PSEUDO_COUNT) of what is left.

    The last layer that knows anything takes the rest; the weights sum to 1, or to 0 when
    nothing is known.
    """
    found, rest = [], 1.0
    last = max((place for place, n in enumerate(counts) if n), default=-1)
    for place, n in enumerate(counts):
        share = rest if place == last else rest * n / (n + PSEUDO_COUNT)
        found.append(share if place <= last else 0.0)
        rest -= found[-1]
    return found


def mix(layers: Sequence[Sequence[int]]) -> Mixture | None:
    """Mix the times of the layers, the nearest first; None when none has any."""
    if not any(layers):
        return None
    return Mixture(list(_weighted(layers, weights([len(layer) for layer in layers]))))


def _weighted(
    layers: Sequence[Sequence[int]], shares: Sequence[float]
) -> Iterator[tuple[int, float]]:
    for layer, share in zip(layers, shares, strict=True):
        for value in layer:
            yield value, share / len(layer)
