"""The short cache: kept for a while, read again afterwards, never too large."""

import pytest

from services.short_cache import ShortCache


class Clock:
    """A clock that a test turns."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_an_entry_is_read_once_until_it_is_old():
    clock = Clock()
    reads: list[float] = []
    cache: ShortCache[str, None] = ShortCache(30, clock=clock)
    for moment in (0, 29.9, 30, 31):
        clock.now = moment
        cache.get("key", lambda: reads.append(clock.now))
    assert reads == [0, 30]


def test_what_raises_is_asked_again():
    cache: ShortCache[str, int] = ShortCache(30)
    with pytest.raises(ZeroDivisionError):
        cache.get("key", lambda: 1 // 0)
    assert cache.get("key", lambda: 7) == 7


def test_keys_from_outside_never_fill_the_memory():
    cache: ShortCache[int, str] = ShortCache(30, most=3)
    for key in range(10):
        cache.get(key, lambda: "first")
    assert len(cache._entries) <= 3
    assert cache.get(9, lambda: "read again") == "first"
    assert cache.get(0, lambda: "read again") == "read again"


def test_a_cleared_cache_reads_again():
    cache: ShortCache[str, int] = ShortCache(30)
    cache.get("key", lambda: 1)
    cache.clear()
    assert cache.get("key", lambda: 2) == 2
