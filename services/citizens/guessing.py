"""How many tries of the digits are taken before the owner of a slip has to wait.

Four digits are ten thousand. Whoever has found a slip may try 40 times in 30 days, from wherever:
487 tries in a year, a chance of less than 5 in 100 if the owner never hears of it. Whoever has
no slip does not come this far: a code is one of 2^50 (see `services.web.portal.lookups`).
"""

from dataclasses import dataclass

from limits import RateLimitItem, parse

from owso.limits import forget, is_within, minutes_left, place_of

ADDRESS = parse("60 per 60 minutes")
"""One address for all codes: very many phones of one network may stand behind one."""
PAIR = parse("5 per 15 minutes")
"""One code from one address: what somebody may try who mistypes, or has changed the number."""
CODE_A_DAY = parse("10 per 1 day")
CODE_A_MONTH = parse("40 per 30 days")
"""One code from everywhere; right digits count too, or each visit of the owner would open more."""


@dataclass(frozen=True, slots=True)
class DigitsTry:
    """Somebody at an address who tries the digits of a code, an existing one or not."""

    address: str
    code: str

    @property
    def _pair(self) -> tuple[str, ...]:
        return ("digits", place_of(self.address), self.code)

    def must_wait(self) -> int:
        """Count this try; return for how many minutes none is taken, 0 when this one is.

        It is counted before it is answered, so that many at once get no more than one by one.
        What one limit refuses is not counted by those after it.
        """
        limits: tuple[tuple[RateLimitItem, tuple[str, ...]], ...] = (
            (ADDRESS, ("digits-address", place_of(self.address))),
            (PAIR, self._pair),
            (CODE_A_DAY, ("digits-code", self.code)),
            (CODE_A_MONTH, ("digits-code", self.code)),
        )
        for limit, who in limits:
            if not is_within(limit, *who):
                return minutes_left(limit, *who)
        return 0

    def was_right(self) -> None:
        """Count anew for this code at this address."""
        forget(PAIR, *self._pair)
