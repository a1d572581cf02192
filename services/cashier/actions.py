"""Charging a fee, taking it, and taking a payment back with a second person."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from services.catalogue.queries import terms as terms_of

from owso.accounts.permissions import Verb
from owso.errors import AlreadyDone, Conflict, Invalid, NotAllowed, NotFound
from services.cashier.models import (
    RIEL_PER_DOLLAR_MAX,
    RIEL_PER_DOLLAR_MIN,
    Charge,
    Currency,
    ExchangeRate,
    Payment,
    Receipt,
    Reversal,
    ReversalReason,
    ReversalRequest,
)
from services.cashier.queries import balance_of, rate_on
from services.cashier.rows import Paid, charge_row, taking
from services.cashier.tenders import Tender, credit
from services.catalogue.kinds import RefundRule
from services.offices.actors import Actor
from services.requests import notices
from services.requests.events import event
from services.requests.locking import bump, lock_for
from services.requests.models import EventKind, ServiceRequest
from services.requests.texts import Fields, checked_now, clean_note
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
    request_id = Charge.objects.filter(pk=charge_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise NotFound
    try:
        with transaction.atomic():
            request, _terms = lock_for("pay", request_id, by=by)
            return _take(request, tender, by=by, key=idempotency_key, now=moment)
    except (IntegrityError, AlreadyDone):
        # The same form sent twice at the same moment: the first of the two has paid.
        repeated = receipt_of(idempotency_key, tender=tender, charge_id=charge_id)
        if repeated is None:
            raise
        return repeated


def receipt_of(key: UUID, *, tender: Tender, charge_id: int | None = None) -> Receipt | None:
    """Return the receipt a key was used for; Conflict when the content was another."""
    found = Receipt.objects.select_related("payment").filter(payment__idempotency_key=key).first()
    if found is None:
        return None
    payment = found.payment
    cents = tender.cents if tender.currency == Currency.USD else None
    is_same = (payment.method, payment.currency, payment.tendered_cents) == (
        tender.method,
        tender.currency,
        cents,
    )
    if not is_same or charge_id not in (None, payment.charge_id):
        raise Conflict(
            "idempotency_mismatch",
            _("This form was sent before with other content. Start a new form."),
        )
    return found


def request_reversal(
    payment_id: int,
    *,
    by: Actor,
    reason: ReversalReason | str,
    note: str = "",
    amount_riel: int | None = None,
    now: datetime | None = None,
) -> ReversalRequest:
    """Ask for a payment to be taken back, whole or in part; a second person decides."""
    moment = checked_now(now)
    fields = Fields()
    note = clean_note(note, field="note", fields=fields)
    if reason not in ReversalReason.values:
        fields.take("reason", _("Choose one of the reasons in the list."))
    fields.refuse()
    with transaction.atomic():
        payment = _locked_payment(payment_id, by=by, verb=Verb.REQUEST_REVERSAL)
        amount = payment.amount_riel if amount_riel is None else amount_riel
        if not 0 < amount <= payment.amount_riel:
            message = _("Enter an amount that is not more than the payment.")
            raise Invalid("amount_invalid", message, fields={"amount_riel": message})
        asked = _ask(payment, amount, reason, by=by, note=note, now=moment)
        entry = trace(by, "request_reversal", payment.request, amount_riel=amount)
        write_together(entry)
    return asked


def approve_reversal(
    reversal_request_id: int, *, by: Actor, now: datetime | None = None
) -> Reversal:
    """Approve a reversal as a second person: the money goes back, the receipt stays written.

    Raises NotAllowed for the one who asked and for the cashier who took the money.
    """
    moment = checked_now(now)
    with transaction.atomic():
        asked, payment = _open_reversal(reversal_request_id, by=by)
        if by.user_id is None or by.user_id in {asked.requested_by_id, payment.cashier_id}:
            raise NotAllowed("second_person", _("A second person must approve this."))
        reversal = Reversal(
            payment_id=payment.pk,
            amount_riel=asked.amount_riel,
            reason=asked.reason,
            requested_by_id=asked.requested_by_id,
            approved_by_id=by.user_id,
            requested_at=asked.requested_at,
            approved_at=moment,
        )
        _reverse(payment.request, asked, reversal, by=by, now=moment)
        notices.announce()
    return reversal


def refuse_reversal(
    reversal_request_id: int, *, by: Actor, now: datetime | None = None
) -> ReversalRequest:
    """Refuse a reversal: the payment stands."""
    moment = checked_now(now)
    with transaction.atomic():
        asked, payment = _open_reversal(reversal_request_id, by=by)
        _decide(asked, ReversalRequest.Decision.REFUSED, by=by, now=moment)
        write_together(
            trace(by, "refuse_reversal", payment.request),
            updates=[(asked, _DECIDED)],
        )
    return asked


def ask_full_refund(request: ServiceRequest, by: Actor, now: datetime) -> None:
    """After a rejection, ask for the fee to be paid back where the service's rule is `full`."""
    if terms_of(request.service_version_id).refund_rule != RefundRule.FULL:
        return
    payments = Payment.objects.filter(charge__request_id=request.pk, reversal__isnull=True).exclude(
        reversal_requests__decision=ReversalRequest.Decision.OPEN
    )
    for payment in payments:
        _ask(payment, payment.amount_riel, ReversalReason.REJECTED, by=by, note="", now=now)


def post_rate(posted_on: date, riel_per_dollar: int, *, by: Actor, office_id: int) -> ExchangeRate:
    """Post the dollar rate of a day; a day that has payments in dollars keeps its rate."""
    by.require(Verb.POST_RATE, office_id=office_id)
    if not RIEL_PER_DOLLAR_MIN <= riel_per_dollar <= RIEL_PER_DOLLAR_MAX:
        message = _("Enter a rate between 1,000 and 20,000 riel for a dollar.")
        raise Invalid("rate_invalid", message, fields={"riel_per_dollar": message})
    if posted_on > clock.today():
        message = _("A rate can be posted for today or an earlier day.")
        raise Invalid("rate_in_future", message, fields={"posted_on": message})
    rate, is_new = ExchangeRate.objects.get_or_create(
        posted_on=posted_on,
        defaults={"riel_per_dollar": riel_per_dollar, "posted_by_id": by.user_id},
    )
    if not is_new and rate.riel_per_dollar != riel_per_dollar:
        raise Conflict("rate_posted", _("Another rate is posted for this day already."))
    return rate


_DECIDED = ("decision", "decided_by", "decided_at")


def _take(
    request: ServiceRequest, tender: Tender, *, by: Actor, key: UUID, now: datetime
) -> Receipt:
    balance = balance_of(request.pk)
    if balance is None or balance.due_riel <= 0:
        raise AlreadyDone("already_paid", _("This fee has been paid already."))
    rate = rate_on(clock.local_day(now)) if tender.currency == Currency.USD else None
    worth = credit(tender, due_riel=balance.due_riel, rate=rate)
    payment_id, receipt_id = next_ids(Payment, Receipt)
    bump(request)
    paid = Paid(tender=tender, credit=worth, rate=rate, key=key, by=by, now=now)
    taken = taking(request, balance.charge, paid, payment_id=payment_id, receipt_id=receipt_id)
    entry = trace(by, "take_payment", request, amount_riel=worth.amount_riel)
    write_together(*taken.rows, entry, updates=[(request, ("version",))])
    notices.announce()
    return taken.receipt


def _locked_payment(payment_id: int, *, by: Actor, verb: Verb) -> Payment:
    """Lock the request of a payment and return the payment, if the actor may do that to it."""
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFound
    request = ServiceRequest.objects.select_for_update().get(pk=payment.request_id)
    scope = {
        "office_id": payment.office_id,
        "sector_id": terms_of(request.service_version_id).sector_id,
    }
    if not by.may(Verb.VIEW_REQUEST, **scope):
        raise NotFound
    by.require(verb, **scope)
    payment.request = request
    return payment


def _open_reversal(reversal_request_id: int, *, by: Actor) -> tuple[ReversalRequest, Payment]:
    asked = ReversalRequest.objects.filter(pk=reversal_request_id).first()
    if asked is None:
        raise NotFound
    payment = _locked_payment(asked.payment_id, by=by, verb=Verb.APPROVE_REVERSAL)
    asked = ReversalRequest.objects.select_for_update().get(pk=reversal_request_id)
    if asked.decision != ReversalRequest.Decision.OPEN:
        raise AlreadyDone("already_decided", _("Somebody has decided on this already."))
    return asked, payment


def _ask(
    payment: Payment,
    amount_riel: int,
    reason: ReversalReason | str,
    *,
    by: Actor,
    note: str,
    now: datetime,
) -> ReversalRequest:
    is_reversed = Reversal.objects.filter(payment_id=payment.pk).exists()
    waiting = ReversalRequest.objects.filter(
        payment_id=payment.pk, decision=ReversalRequest.Decision.OPEN
    )
    if is_reversed or waiting.exists():
        raise AlreadyDone(
            "already_asked", _("The reversal of this payment has been asked for already.")
        )
    return ReversalRequest.objects.create(
        payment_id=payment.pk,
        amount_riel=amount_riel,
        reason=reason,
        note=note,
        requested_by_id=by.user_id,
        requested_at=now,
    )


def _decide(asked: ReversalRequest, decision: str, *, by: Actor, now: datetime) -> None:
    asked.decision = decision
    asked.decided_by_id = by.user_id
    asked.decided_at = now


def _reverse(
    request: ServiceRequest,
    asked: ReversalRequest,
    reversal: Reversal,
    *,
    by: Actor,
    now: datetime,
) -> None:
    _decide(asked, ReversalRequest.Decision.APPROVED, by=by, now=now)
    bump(request)
    office_id = asked.payment.office_id
    amount = -asked.amount_riel
    fact = event(request, EventKind.REVERSED, now=now, office_id=office_id, amount_riel=amount)
    entry = trace(by, "approve_reversal", request, amount_riel=amount)
    write_together(reversal, fact, entry, updates=[(asked, _DECIDED), (request, ("version",))])
