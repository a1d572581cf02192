"""Builds the rows of a charge and of a payment; the actions write them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid
from services.cashier.models import Charge, Currency, ExchangeRate, Method, Payment, Receipt
from services.cashier.taking import check_is_confirmed
from services.cashier.tenders import Credit, Tender
from services.catalogue.fees import quote
from services.catalogue.kinds import Ceiling
from services.catalogue.terms import VersionTerms
from services.offices.actors import Actor
from services.offices.drawing import drawing
from services.requests.events import event
from services.requests.models import EventKind, RequestEvent, ServiceRequest
from services.requests.writing import Drawn
from tenants import clock


def charge_row(
    request: ServiceRequest,
    terms: VersionTerms,
    *,
    id: int | None = None,  # noqa: A002 - a column
    amount_riel: int | None = None,
    now: datetime,
) -> Charge:
    """Return the fee of a request by the catalogue.

    `amount_riel` may ask less than a maximum fee; None asks all of it. Raises Invalid when
    the catalogue has no such fee.
    """
    values: Mapping[str, str] = request.fee_values
    offer = quote(terms.fee, values=values, quantity=request.quantity)
    amount = offer.amount_riel if amount_riel is None else amount_riel
    is_lower = offer.ceiling == Ceiling.MAXIMUM and 0 <= amount <= offer.amount_riel
    if amount != offer.amount_riel and not is_lower:
        message = _("The fee must be the one of the catalogue.")
        raise Invalid("fee_invalid", message, fields={"amount_riel": message})
    return Charge(
        id=id,
        request_id=request.pk,
        service_version_id=request.service_version_id,
        fee_tier_id=offer.tier_id,
        unit_riel=offer.unit_riel,
        ceiling=offer.ceiling,
        quantity=offer.quantity,
        amount_riel=amount,
        created_at=now,
    )


@dataclass(frozen=True, slots=True)
class Taking:
    """A payment about to be written: three rows and the change to give in riel."""

    payment: Payment
    receipt: Receipt
    event: RequestEvent
    change_riel: int

    @property
    def rows(self) -> tuple[Payment, Receipt, RequestEvent]:
        """The rows to write."""
        return (self.payment, self.receipt, self.event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Who pays what when: the facts a payment is made of."""

    tender: Tender
    credit: Credit
    rate: ExchangeRate | None
    key: UUID
    by: Actor
    now: datetime


def taking(
    request: ServiceRequest, charge: Charge, paid: Paid, *, payment_id: int, receipt_id: int
) -> Taking:
    """Return the rows of a payment; the receipt gets its number when they are written.

    The office that takes the money is the one where the request is. Raises Conflict for a
    payment by phone that the bank has not confirmed. A cashier
    without the open till that the office asks for is refused by the table itself, when the rows
    are written: `explain_refusal` then says why.
    """
    office_id, now = request.office_id, paid.now
    year = clock.local_day(now).year
    if paid.tender.method == Method.KHQR and paid.by.user_id is not None:
        check_is_confirmed(paid.tender, office_id)
    is_dollar = paid.tender.currency == Currency.USD
    payment = Payment(
        id=payment_id,
        charge_id=charge.pk,
        request_id=request.pk,
        office_id=office_id,
        cashier_id=paid.by.user_id,
        method=paid.tender.method,
        amount_riel=paid.credit.amount_riel,
        currency=paid.tender.currency,
        tendered_cents=paid.tender.cents if is_dollar else None,
        rate_id=paid.rate.pk if is_dollar and paid.rate else None,
        idempotency_key=paid.key,
        paid_at=now,
        change_riel=paid.credit.change_riel,
        change_cents=paid.tender.change_cents,
        riel_beside=paid.tender.riel_beside,
    )
    amount = paid.credit.amount_riel
    fact = event(request, EventKind.PAID, now=now, office_id=office_id, amount_riel=amount)
    receipt = Receipt(
        id=receipt_id,
        payment=payment,
        office_id=office_id,
        year=year,
        number=next_receipt_number(office_id, year),
        issued_at=now,
    )
    return Taking(payment, receipt, fact, paid.credit.change_riel)


def next_receipt_number(office_id: int, year: int) -> Any:
    """Draw the next number of an office's series when the rows are written.

    The row of the series stays locked until the commit, and a roll-back gives the number back,
    so the series has no gaps. The receipt has its number as soon as it is written.
    """
    return Drawn(_NEXT_NUMBER, (office_id, year, 1))


_NEXT_NUMBER = drawing("cashier_receiptseries", mark="%b")
