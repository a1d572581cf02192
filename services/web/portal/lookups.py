"""How often one address may look codes up; codes that lead nowhere are counted much harder.

Look-ups are counted in each web process by itself, without a round trip; what leads nowhere is
counted in Valkey, for all processes together, as that is how codes would be guessed.

A code has ten random characters, 2^50 = 1.13e15 of each province. Even if all 11 million live
codes were of one province, one guess in 1.0e8 would meet one. An address that guesses on is
heard 200 times a day: 1,000 addresses for a year make 1,000 x 365 x 200 = 7.3e7 guesses, which
find 0.7 codes; spread over 25 provinces, as they are, 0.03. A miss is a code that could be one:
of those mistyped 36 in 37 do not fit their check character, are told so without the database,
and cost nothing.
"""

import math
import time

from django.conf import settings
from limits import parse

from owso.limits import WindowCount, is_within, minutes_left, place_of

_lookups = WindowCount(parse(settings.PORTAL_LOOKUPS))
MISSES = parse(settings.PORTAL_MISSES)
MISSES_A_DAY = parse(settings.PORTAL_MISSES_A_DAY)
# Places that guessed too often, and when this process listens to them again.
_blocked: dict[str, float] = {}
_MOST_BLOCKED = 10_000


def may_look_up(address: str) -> bool:
    """Count a look-up of this address and tell whether it may have an answer."""
    place = place_of(address)
    if _blocked and _blocked.get(place, 0.0) > time.monotonic():
        return False
    return _lookups.hit(place)


def may_miss(address: str) -> bool:
    """Count a code that leads nowhere; the address that guesses on is no longer answered."""
    place = place_of(address)
    for limit in (MISSES, MISSES_A_DAY):
        if not is_within(limit, "miss", place):
            _block(place, minutes_left(limit, "miss", place) * 60)
            return False
    return True


def wait_minutes(address: str) -> int:
    """After how many minutes this address is answered again, at least one."""
    left = _blocked.get(place_of(address), 0.0) - time.monotonic()
    return max(1, math.ceil(left / 60))


def forget() -> None:
    """Listen to every address again."""
    _blocked.clear()
    _lookups.clear()


def _block(place: str, seconds: float) -> None:
    if len(_blocked) >= _MOST_BLOCKED:
        _blocked.clear()
    _blocked[place] = time.monotonic() + seconds
