"""Reads of fees, payments and rates in the current province."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from owso.errors import Conflict
from services.cashier.models import Charge, ExchangeRate, Payment, Receipt, Reversal
from services.requests.models import ServiceRequest


@dataclass(frozen=True, slots=True)
class Balance:
    """What a charge asks and what has been paid of it, less reversals; whole riel."""

    charge: Charge
    paid_riel: int

    @property
    def due_riel(self) -> int:
        """What is still to be paid."""
        return self.charge.amount_riel - self.paid_riel


def balance_of(request_id: int) -> Balance | None:
    """Return the fee of a request and what was paid; None when nothing was charged yet."""
    charge = (
        Charge.objects.filter(request_id=request_id)
        .annotate(
            paid=Sum("payments__amount_riel"), taken_back=Sum("payments__reversal__amount_riel")
        )
        .first()
    )
    if charge is None:
        return None
    return Balance(charge, (charge.paid or 0) - (charge.taken_back or 0))


def check_fee_is_paid(request: ServiceRequest) -> None:
    """Raise Conflict unless the fee of a request was charged and is fully paid."""
    balance = balance_of(request.pk)
    if balance is None or balance.due_riel > 0:
        raise Conflict(
            "fee_not_paid",
            _("The fee has not been paid. Take the payment before the file goes on."),
            due_riel=None if balance is None else balance.due_riel,
        )


def rate_on(day: date) -> ExchangeRate | None:
    """Return the dollar rate that was posted on a day, the latest one before it."""
    return ExchangeRate.objects.filter(posted_on__lte=day).order_by("-posted_on").first()


def receipts_of(request_id: int) -> Iterable[Receipt]:
    """Return the receipts of a request with their payments, oldest first."""
    return (
        Receipt.objects.filter(payment__charge__request_id=request_id)
        .select_related("payment__reversal", "office")
        .order_by("issued_at", "id")
    )


def receipt_number(office_code: str, year: int, number: int) -> str:
    """Return the number as it is printed: 0102-2026-000123."""
    return f"{office_code}-{year}-{number:06d}"


def reversal_of(payment: Payment) -> Reversal | None:
    """Return the approved reversal of a payment, if there is one."""
    return Reversal.objects.filter(payment=payment).first()
