"""How often one address may look codes up; wrong codes are counted much harder.

Look-ups are counted in each web process by itself, without a round trip; what leads nowhere is
counted in Valkey, for all processes together, as that is how codes would be guessed.
"""

import time

from django.conf import settings
from limits import parse

from owso.limits import WindowCount, is_within

_lookups = WindowCount(parse(settings.PORTAL_LOOKUPS))
MISSES = parse(settings.PORTAL_MISSES)
# Addresses that guessed too often, and when this process listens to them again.
_blocked: dict[str, float] = {}
_MOST_BLOCKED = 10_000


def may_look_up(address: str) -> bool:
    """Count a look-up of this address and tell whether it may have an answer."""
    if _blocked.get(address, 0.0) > time.monotonic():
        return False
    return _lookups.hit(address)


def may_miss(address: str) -> bool:
    """Count a code that leads nowhere; the address that guesses on is no longer answered."""
    if is_within(MISSES, "miss", address):
        return True
    if len(_blocked) >= _MOST_BLOCKED:
        _blocked.clear()
    _blocked[address] = time.monotonic() + MISSES.get_expiry()
    return False


def wait_minutes() -> int:
    """The longest time until an address is answered again, in minutes."""
    return MISSES.get_expiry() // 60


def forget() -> None:
    """Listen to every address again."""
    _blocked.clear()
    _lookups.clear()
