"""Charging a fee and taking it."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from owso.errors import AlreadyDone, Conflict, NotFound
from services.cashier.models import Charge, Currency, ExchangeRate, Payment, Receipt
from services.cashier.queries import balance_of, rate_on
from services.cashier.rows import Paid, charge_row, taking
from services.cashier.taking import explain_refusal
from services.cashier.tenders import Tender, credit
from services.offices.actors import Actor
from services.requests import notices
from services.requests.locking import bump, lock_for
from services.requests.models import ServiceRequest
from services.requests.texts import checked_now
from services.requests.trail import trace
from services.requests.writing import next_ids, write_together
from tenants import clock


def charge_request(
    request_id: int, *, by: Actor, amount_riel: int | None = None, now: datetime | None = None
) -> Charge:
    """Put the catalogue's fee on a request; a second time gives the same charge.

    `amount_riel` may be lower where the catalogue states a maximum.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("pay", request_id, by=by)
        charged = Charge.objects.filter(request_id=request_id).first()
        if charged is not None:
            return charged
        charge = charge_row(request, terms, amount_riel=amount_riel, now=moment)
        charge.save(force_insert=True)
        entry = trace(by, "charge", request, amount_riel=charge.amount_riel)
        write_together(entry)
    return charge


def take_payment(
    charge_id: int,
    *,
    tender: Tender,
    by: Actor,
    idempotency_key: UUID,
    now: datetime | None = None,
) -> Receipt:
    """Take what is due of a charge and give the numbered receipt.

    The same key gives the receipt of the first time. Raises AlreadyDone when nothing is due.
    """
    moment = checked_now(now)
    repeated = receipt_of(idempotency_key, tender=tender, charge_id=charge_id)
    if repeated is not None:
        return repeated
    request = ServiceRequest.objects.filter(charge=charge_id).only("office_id").first()
    if request is None:
        raise NotFound
    try:
        with transaction.atomic():
            request, _terms = lock_for("pay", request.pk, by=by)
            return _take(request, tender, by=by, key=idempotency_key, now=moment)
    except (IntegrityError, AlreadyDone) as error:
        # The same form sent twice at the same moment: the first of the two has paid.
        repeated = receipt_of(idempotency_key, tender=tender, charge_id=charge_id)
        if repeated is None:
            explain_refusal(error, request.office_id, by=by, now=moment)
            raise
        return repeated


def receipt_of(key: UUID, *, tender: Tender, charge_id: int | None = None) -> Receipt | None:
    """Return the receipt a key was used for; Conflict when the content was another."""
    found = Receipt.objects.select_related("payment").filter(payment__idempotency_key=key).first()
    if found is None:
        return None
    payment = found.payment
    cents = tender.cents if tender.currency == Currency.USD else None
    is_same = (
        payment.method,
        payment.currency,
        payment.tendered_cents,
        payment.riel_beside,
    ) == (tender.method, tender.currency, cents, tender.riel_beside)
    if not is_same or charge_id not in (None, payment.charge_id):
        raise Conflict(
            "idempotency_mismatch",
            _("This form was sent before with other content. Start a new form."),
        )
    return found


def _take(
    request: ServiceRequest, tender: Tender, *, by: Actor, key: UUID, now: datetime
) -> Receipt:
    balance = balance_of(request.pk)
    if balance is None or balance.due_riel <= 0:
        raise AlreadyDone("already_paid", _("This fee has been paid already."))
    rate = _rate(tender, now)
    worth = credit(tender, due_riel=balance.due_riel, rate=rate)
    payment_id, receipt_id = next_ids(Payment, Receipt)
    bump(request)
    paid = Paid(tender=tender, credit=worth, rate=rate, key=key, by=by, now=now)
    taken = taking(request, balance.charge, paid, payment_id=payment_id, receipt_id=receipt_id)
    entry = trace(by, "take_payment", request, amount_riel=worth.amount_riel)
    write_together(*taken.rows, entry, updates=[(request, ("version",))])
    notices.announce()
    return taken.receipt


def _rate(tender: Tender, now: datetime) -> ExchangeRate | None:
    """The rate a tender counts at: the one its code was made at, else the posted one."""
    if tender.currency != Currency.USD:
        return None
    return tender.agreed_rate or rate_on(clock.local_day(now))
