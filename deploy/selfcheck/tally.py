"""What the script itself did, counted apart from the system under check."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Tally:
    """The deeds of one province, counted by the one thread that works there; whole riel."""

    requests: int = 0
    events: int = 0
    paid_riel: int = 0
    reversed_riel: int = 0
    # When the answer to the first, second ... registration had come.
    registered_at: list[float] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def income_riel(self) -> int:
        """What came in, less what was given back."""
        return self.paid_riel - self.reversed_riel

    def registered(self, code: str, *, at: float, paid_riel: int = 0) -> None:
        """Note a registration, and the payment that went with it."""
        self.requests += 1
        self.codes.append(code)
        self.registered_at.append(at)
        self.events += 1
        if paid_riel:
            self.paid(paid_riel)

    def paid(self, amount_riel: int) -> None:
        """Note a payment."""
        self.paid_riel += amount_riel
        self.events += 1

    def reversed(self, amount_riel: int) -> None:
        """Note an approved reversal."""
        self.reversed_riel += amount_riel
        self.events += 1

    def stepped(self, times: int = 1) -> None:
        """Note steps that move no money."""
        self.events += times


def sum_of(tallies: Iterable[Tally]) -> Tally:
    """Add tallies up."""
    total = Tally()
    for tally in tallies:
        total.requests += tally.requests
        total.events += tally.events
        total.paid_riel += tally.paid_riel
        total.reversed_riel += tally.reversed_riel
    return total
