"""What lies in a drawer: notes and coins in use, and the sum of a count."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid
from services.requests.texts import Fields

RIEL_PIECES = (
    200_000, 100_000, 50_000, 30_000, 20_000, 15_000, 10_000,
    5_000, 2_000, 1_000, 500, 200, 100, 50,
)  # fmt: skip
"""Riel notes and coins that citizens bring, the largest first."""
CENT_PIECES = (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25, 10, 5, 1)
"""US dollar notes, and the coins that travellers leave, in cents, the largest first."""
MOST_PIECES = 100_000


@dataclass(frozen=True, slots=True)
class Drawer:
    """Pieces counted, by denomination; what is not named was not there."""

    riel: Mapping[int, int]
    cents: Mapping[int, int]

    @property
    def total_riel(self) -> int:
        """The riel in it."""
        return sum(value * pieces for value, pieces in self.riel.items())

    @property
    def total_cents(self) -> int:
        """The US cents in it."""
        return sum(value * pieces for value, pieces in self.cents.items())

    def check(self) -> None:
        """Raise Invalid for a denomination that does not exist or an impossible number."""
        fields = Fields()
        for name, counted, known in (
            ("riel", self.riel, RIEL_PIECES),
            ("cents", self.cents, CENT_PIECES),
        ):
            for value, pieces in counted.items():
                if value not in known or not 0 <= pieces <= MOST_PIECES:
                    fields.take(f"{name}_{value}", _("Enter how many pieces there are."))
        fields.refuse()


def drawer_of(riel: int, cents: int) -> Drawer:
    """Return a drawer that holds these sums in as few pieces as there can be."""
    return Drawer(_laid_out(riel, RIEL_PIECES), _laid_out(cents, CENT_PIECES))


def _laid_out(amount: int, pieces: tuple[int, ...]) -> dict[int, int]:
    laid, left = {}, max(amount, 0)
    for value in pieces:
        laid[value], left = divmod(left, value)
    return laid


def check_float(riel: int, cents: int) -> None:
    """Raise Invalid for a float nobody can lay into a drawer."""
    message = _("Enter the money in the drawer, at least 0.")
    wrong = {
        name: message
        for name, amount, most in (("float_riel", riel, 10**10), ("float_cents", cents, 10**8))
        if not 0 <= amount <= most
    }
    if wrong:
        raise Invalid(
            "float_invalid", _("Enter the money in the drawer, at least 0."), fields=wrong
        )
