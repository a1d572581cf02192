"""How many wrong names, passwords, codes and PINs are borne before somebody has to wait."""

from dataclasses import dataclass

from limits import RateLimitItem, parse

from owso.limits import forget, is_open, is_within, minutes_left

PAIR = parse("10 per 10 minutes")
"""One account from one address: what a person who has forgotten something may try."""
ACCOUNT = parse("50 per 60 minutes")
"""One account from everywhere: far below the hundred in a row that NIST SP 800-63B allows."""
ADDRESS = parse("100 per 10 minutes")
"""One address for all accounts: a whole office may stand behind one."""
SECOND_STEP = parse("10 per 10 minutes")
"""The second step of one account: a code of six digits is not guessed in ten tries."""


@dataclass(frozen=True, slots=True)
class Guesser:
    """Somebody at an address who tries to come in under a name."""

    address: str
    name: str

    def _limits(self) -> tuple[tuple[RateLimitItem, tuple[str, ...]], ...]:
        return (
            (PAIR, ("sign-in", self.address, self.name)),
            (ACCOUNT, ("sign-in-account", self.name)),
            (ADDRESS, ("sign-in-address", self.address)),
        )

    def must_wait(self) -> int:
        """Return for how many minutes nobody is let in here; 0 when a try is welcome."""
        shut = [
            minutes_left(limit, *who) for limit, who in self._limits() if not is_open(limit, *who)
        ]
        return max(shut, default=0)

    def was_wrong(self) -> None:
        """Count a wrong try."""
        for limit, who in self._limits():
            is_within(limit, *who)

    def was_right(self) -> None:
        """Count anew for this person at this address; the other counts go on."""
        limit, who = self._limits()[0]
        forget(limit, *who)


def must_wait_for_code(user_id: int) -> int:
    """Count one try of a second step; return for how many minutes none is taken, or 0."""
    who = ("second-step", str(user_id))
    return 0 if is_within(SECOND_STEP, *who) else minutes_left(SECOND_STEP, *who)


def code_was_right(user_id: int) -> None:
    """Count second steps anew."""
    forget(SECOND_STEP, "second-step", str(user_id))
