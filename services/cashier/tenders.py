"""What a citizen lays on the counter, and what it is worth in riel."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid, Message
from services.cashier.models import Currency, ExchangeRate, Method

CENTS = 100
TENDER_MAX = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """Money offered: `riel` (None: the exact fee), or `cents` of US dollars and riel beside them.

    `change_cents` of the change of dollars are given in dollars, the rest in riel.
    `is_confirmed`: the bank has confirmed this very payment by phone; its code in dollars was
    made at `agreed_rate`, whatever is posted by now.
    """

    method: str = Method.CASH
    currency: str = Currency.KHR
    riel: int | None = None
    cents: int | None = None
    change_cents: int = 0
    is_confirmed: bool = False
    agreed_rate: ExchangeRate | None = None

    @property
    def riel_beside(self) -> int:
        """Riel laid down together with dollars."""
        return (self.riel or 0) if self.currency == Currency.USD else 0


@dataclass(frozen=True, slots=True)
class Credit:
    """What a tender pays: the amount credited and the change to give in riel."""

    amount_riel: int
    change_riel: int


def credit(tender: Tender, *, due_riel: int, rate: ExchangeRate | None) -> Credit:
    """Return what the tender pays of a fee that is due; it must cover all of it.

    Dollars count at the posted rate, rounded down to the riel; dollars given back do not count.
    Raises Invalid for too little, for too much by phone or in change, for a currency or method
    that is not taken.
    """
    if tender.method not in Method.values or tender.currency not in Currency.values:
        raise _invalid("method", _("Choose how the fee is paid."))
    worth = _worth(tender, due_riel=due_riel, rate=rate)
    if not 0 <= worth <= TENDER_MAX:
        raise _invalid("tendered", _("Enter the amount of money received."))
    if worth < due_riel:
        raise _invalid("tendered", _("The amount received does not cover the fee."))
    if tender.change_cents and worth >= due_riel and not _may_give_dollars(tender):
        raise _invalid("change_cents", _("Dollars are given back only of dollars in cash."))
    if tender.method != Method.KHQR:
        return Credit(due_riel, worth - due_riel)
    if not _is_exact(tender, worth, due_riel=due_riel, rate=rate):
        raise _invalid("tendered", _("A payment by phone must be exactly the fee."))
    return Credit(due_riel, 0)


def no_rate() -> Invalid:
    """Return the refusal of dollars on a day for which no rate is posted."""
    return _invalid(
        "currency",
        _(
            "No dollar rate is posted. Take riel, or let the office chief post the rate on the"
            " page Today."
        ),
    )


def cents_for(due_riel: int, rate: ExchangeRate) -> int:
    """Return the US cents that cover a fee at a rate: rounded up to the cent."""
    return -(-due_riel * CENTS // rate.riel_per_dollar)


def _is_exact(tender: Tender, worth: int, *, due_riel: int, rate: ExchangeRate | None) -> bool:
    if tender.currency == Currency.KHR or rate is None:
        return worth == due_riel
    return tender.cents == cents_for(due_riel, rate)


def _worth(tender: Tender, *, due_riel: int, rate: ExchangeRate | None) -> int:
    if tender.currency == Currency.KHR:
        return due_riel if tender.riel is None else tender.riel
    if rate is None:
        raise no_rate()
    if tender.cents is None or tender.cents <= 0:
        raise _invalid("tendered", _("Enter the amount of money received."))
    if tender.riel_beside < 0 or (tender.riel_beside and tender.method != Method.CASH):
        raise _invalid("tendered", _("Enter the amount of money received."))
    kept = tender.cents - max(tender.change_cents, 0)
    return kept * rate.riel_per_dollar // CENTS + tender.riel_beside


def _may_give_dollars(tender: Tender) -> bool:
    is_dollar_cash = tender.method == Method.CASH and tender.currency == Currency.USD
    return is_dollar_cash and 0 < tender.change_cents < (tender.cents or 0)


def _invalid(field: str, message: Message) -> Invalid:
    return Invalid("tender_invalid", message, fields={field: message})
