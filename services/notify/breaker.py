"""A provider that fails again and again is left alone for a while; how many send at once.

Both are kept in Valkey for all processes together, and under the portal's name, as a provider is
the same for every province.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from django.conf import settings
from django.core.cache import cache

from tenants.context import as_portal, current_province

FAILURES = 5
"""How many failures in a row open the breaker."""
FIRST_REST_S, LONGEST_REST_S = 30, 600
_KEPT_S = 3_600
_SLOT_S = 300


def is_resting(provider: str) -> bool:
    """Say whether the provider is left alone now; after its rest one message tries it again."""
    with as_portal():
        until = cache.get(f"notify-rest-{provider}")
        if until is None or until > time.time():
            return until is not None
        # Of all that find the rest over, one tries; the others wait for what it finds.
        return not cache.add(f"notify-try-{provider}", 1, timeout=FIRST_REST_S)


def failed(provider: str) -> None:
    """Count a failure; the fifth in a row begins a rest that doubles with each further one."""
    with as_portal():
        key = f"notify-failures-{provider}"
        cache.add(key, 0, timeout=_KEPT_S)
        count = cache.incr(key)
        cache.touch(key, _KEPT_S)
        if count >= FAILURES:
            rest = min(FIRST_REST_S * 2 ** (count - FAILURES), LONGEST_REST_S)
            cache.set(f"notify-rest-{provider}", time.time() + rest, timeout=_KEPT_S)


def succeeded(provider: str) -> None:
    """Forget every failure."""
    with as_portal():
        if cache.get(f"notify-failures-{provider}") is not None:
            cache.delete_many([f"notify-{what}-{provider}" for what in ("failures", "rest", "try")])


@contextmanager
def place_among(name: str, most: int) -> Iterator[bool]:
    """Take one of a few places to send from, for as long as inside; False when all are taken."""
    mine, taken = token_hex(8), ""
    with as_portal():
        for place in range(most):
            key = f"notify-place-{name}-{place}"
            if cache.add(key, mine, timeout=_SLOT_S):
                taken = key
                break
    try:
        yield bool(taken)
    finally:
        with as_portal():
            if taken and cache.get(taken) == mine:
                cache.delete(taken)


@contextmanager
def place_to_send(channel: str) -> Iterator[bool]:
    """Take a place of this province and one of the channel; False when either has none free."""
    province = f"{current_province().code}-{channel}"
    with place_among(province, settings.SENDERS_PER_PROVINCE) as has_province:
        if not has_province:
            yield False
            return
        with place_among(channel, settings.SENDERS_PER_PROVIDER) as has_provider:
            yield has_provider
