"""A cache of this process whose entries are read again after a short while."""

from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class ShortCache(Generic[K, V]):
    """Keeps what was read for some seconds, so that a change acts soon without a restart.

    What raises is not kept. Beyond ``most`` entries the cache starts anew: keys may come from
    outside.
    """

    def __init__(
        self, seconds: float, *, most: int = 10_000, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._entries: dict[K, tuple[float, V]] = {}

    def get(self, key: K, read: Callable[[], V]) -> V:
        """Give the entry of a key, read anew when it is missing or old."""
        now = self._clock()
        entry = self._entries.get(key)
        if entry is not None and now - entry[0] < self._seconds:
            return entry[1]
        value = read()
        if len(self._entries) >= self._most:
            self._entries.clear()
        self._entries[key] = (now, value)
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
