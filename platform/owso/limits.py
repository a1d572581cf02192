"""Rate limits by address, counted in Valkey, or in this process while Valkey is down."""

import math
import time
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_network
from threading import Lock

import structlog
from django.conf import settings
from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from owso.database.access import current

logger = structlog.get_logger(__name__)


@lru_cache(maxsize=1)
def _shared() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(
        RedisStorage(settings.REDIS_URL, key_prefix="limit", socket_connect_timeout=1)
    )


@lru_cache(maxsize=1)
def _own() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(MemoryStorage())


IPV6_PREFIX = 64
"""Bits of an address of the sixth version that a provider gives to one customer."""


def place_of(address: str) -> str:
    """Return what counts as one address: a household has 2^64 of the sixth version."""
    if ":" not in address:
        return address
    try:
        return str(ip_network((address.partition("%")[0], IPV6_PREFIX), strict=False))
    except ValueError:
        return address


def is_within(limit: RateLimitItem, *who: str) -> bool:
    """Count one use and tell whether it is still within the limit, in the current schema."""
    return _hit(limit, (current().schema_name, *who), 1)


def _hit(limit: RateLimitItem, key: tuple[str, ...], uses: int) -> bool:
    try:
        return _shared().hit(limit, *key, cost=uses)
    except RedisError:
        logger.warning("limits_in_process")
        return _own().hit(limit, *key, cost=uses)


class LeasedCount:
    """Counts for all processes in Valkey, some uses at a time: a round trip in ten calls.

    A process takes a share of the limit at once and gives it out; what it does not give out
    within some seconds is lost, so that the limit may close early by a sixtieth, never late.
    """

    SHARE = 60
    SECONDS = 5.0

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._leases: dict[tuple[str, ...], tuple[float, int]] = {}

    def is_within(self, limit: RateLimitItem, *who: str) -> bool:
        """Count one use and tell whether it is still within the limit, in the current schema."""
        key, now = (current().schema_name, *who), self._clock()
        if self._is_left(key, now):
            return True
        uses = max(1, limit.amount // self.SHARE)
        if not _hit(limit, key, uses):
            return False
        with self._lock:
            if len(self._leases) >= _MOST_LEASES:
                self._leases.clear()
            self._leases[key] = (now + self.SECONDS, uses - 1)
        return True

    def _is_left(self, key: tuple[str, ...], now: float) -> bool:
        with self._lock:
            until, left = self._leases.get(key, (0.0, 0))
            if not left or now >= until:
                return False
            self._leases[key] = (until, left - 1)
            return True


_MOST_LEASES = 10_000


class WindowCount:
    """Counts uses in this process alone, anew in every window of time.

    For pages that very many addresses open: the limits package's own memory looks through all
    keys a hundred times a second, which at ten thousand addresses takes half of a processor.
    """

    def __init__(
        self, limit: RateLimitItem, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = limit.amount
        self._seconds = limit.get_expiry()
        self._clock = clock
        self._window = 0
        self._uses: dict[str, int] = {}

    def hit(self, who: str) -> bool:
        """Count one use and tell whether it is still within the limit."""
        window = int(self._clock() // self._seconds)
        if window != self._window:
            self._window, self._uses = window, {}
        uses = self._uses[who] = self._uses.get(who, 0) + 1
        return uses <= self._most

    def clear(self) -> None:
        """Forget every use."""
        self._uses = {}


def is_open(limit: RateLimitItem, *who: str) -> bool:
    """Tell whether another use would be within the limit, counting nothing."""
    key = (current().schema_name, *who)
    try:
        return _shared().test(limit, *key)
    except RedisError:
        return _own().test(limit, *key)


def forget(limit: RateLimitItem, *who: str) -> None:
    """Count from nothing again: whoever came in has shown that it was no guessing."""
    key = (current().schema_name, *who)
    try:
        _shared().clear(limit, *key)
    except RedisError:
        _own().clear(limit, *key)


def minutes_left(limit: RateLimitItem, *who: str) -> int:
    """Return after how many minutes the limit opens again, at least one."""
    key = (current().schema_name, *who)
    try:
        opens_at = _shared().get_window_stats(limit, *key).reset_time
    except RedisError:
        opens_at = _own().get_window_stats(limit, *key).reset_time
    return max(1, math.ceil((opens_at - time.time()) / 60))
