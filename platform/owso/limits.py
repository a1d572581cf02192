"""Rate limits by address, counted in Valkey, or in this process while Valkey is down."""

import math
import time
from functools import lru_cache

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


def is_within(limit: RateLimitItem, *who: str) -> bool:
    """Count one use and tell whether it is still within the limit, in the current schema."""
    key = (current().schema_name, *who)
    try:
        return _shared().hit(limit, *key)
    except RedisError:
        logger.warning("limits_in_process")
        return _own().hit(limit, *key)


def is_within_here(limit: RateLimitItem, *who: str) -> bool:
    """Count one use in this process alone and tell whether it is still within the limit."""
    return _own().hit(limit, *who)


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
        logger.warning("limits_in_process")
    _own().clear(limit, *key)


def minutes_left(limit: RateLimitItem, *who: str) -> int:
    """Return after how many minutes the limit opens again, at least one."""
    key = (current().schema_name, *who)
    try:
        opens_at = _shared().get_window_stats(limit, *key).reset_time
    except RedisError:
        opens_at = _own().get_window_stats(limit, *key).reset_time
    return max(1, math.ceil((opens_at - time.time()) / 60))
