"""Which rows of a published table are hidden, so that neither they nor a difference tell of few.

A row is hidden when any of its counts is from 1 to 9. Then so many of its neighbours are hidden
with it, the smallest first, that what is missing from the total is again many.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

FEWEST = 10
"""A count below this, but not 0, could be traced to people."""

Key = TypeVar("Key", bound=Hashable)
Counts = Sequence[int]


def is_few(counts: Counts) -> bool:
    """Say whether any count is so small that it may not be shown."""
    return any(0 < count < FEWEST for count in counts)


def hidden_among(rows: Mapping[Key, Counts]) -> set[Key]:
    """Return which rows to hide of a table whose total is shown.

    At least two rows with something in them are hidden, and their sums are not few; a table for
    which that cannot be is hidden whole.
    """
    hidden = {key for key, counts in rows.items() if is_few(counts)}
    if not hidden:
        return hidden
    others = sorted(
        (key for key in rows if key not in hidden and any(rows[key])),
        key=lambda key: tuple(rows[key]),
    )
    while not _is_enough([rows[key] for key in hidden]):
        if not others:
            return set(rows)
        hidden.add(others.pop(0))
    return hidden


def _is_enough(hidden: Sequence[Counts]) -> bool:
    sums = [sum(column) for column in zip(*hidden, strict=True)]
    for place, total in enumerate(sums):
        parts = [counts[place] for counts in hidden]
        has_few = any(0 < part < FEWEST for part in parts)
        # One row alone with anything in this column would be the whole difference.
        if has_few and (total < FEWEST or sum(part > 0 for part in parts) < 2):
            return False
    return len(hidden) > 1
