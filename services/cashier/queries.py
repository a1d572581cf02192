"""Reads of fees, payments and rates in the current province."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from owso.errors import Conflict
from services.cashier.models import Charge, ExchangeRate, Payment, Receipt, Reversal
from services.requests.models import ServiceRequest

_CHARGED = """
SELECT c.*, (
  SELECT coalesce(sum(p.amount_riel - coalesce(r.amount_riel, 0)), 0)::bigint
  FROM cashier_payment p LEFT JOIN cashier_reversal r ON r.payment_id = p.id
  WHERE p.charge_id = c.id
) AS kept_riel
FROM cashier_charge c WHERE c.request_id = %s"""
"""Every file and every step asks this; composed by the ORM it took four times as long."""
_RECEIPTS = """
SELECT o.code, r.year, r.number, p.id, p.amount_riel, r.issued_at, b.id IS NOT NULL
FROM cashier_charge c
JOIN cashier_payment p ON p.charge_id = c.id
JOIN cashier_receipt r ON r.payment_id = p.id
JOIN offices_office o ON o.id = r.office_id
LEFT JOIN cashier_reversal b ON b.payment_id = p.id
WHERE c.request_id = %s ORDER BY r.issued_at, r.id"""


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
    charge = next(iter(Charge.objects.raw(_CHARGED, [request_id])), None)
    return None if charge is None else Balance(charge, vars(charge)["kept_riel"])


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


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A receipt as the page of a file lists it; `number` as it is printed."""

    number: str
    payment_id: int
    amount_riel: int
    issued_at: datetime
    is_reversed: bool


def receipt_lines(request_id: int) -> tuple[ReceiptLine, ...]:
    """Return the receipts of a request as lines, oldest first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPTS, [request_id])
        return tuple(ReceiptLine(receipt_number(*row[:3]), *row[3:]) for row in cursor.fetchall())


def receipt_number(office_code: str, year: int, number: int) -> str:
    """Return the number as it is printed: 0102-2026-000123."""
    return f"{office_code}-{year}-{number:06d}"


def reversal_of(payment: Payment) -> Reversal | None:
    """Return the approved reversal of a payment, if there is one."""
    return Reversal.objects.filter(payment=payment).first()
