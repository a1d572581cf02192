"""Taking a payment back: asked for by one person, decided by another."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.errors import AlreadyDone, Conflict, Invalid, NotAllowed, NotFound
from services.cashier.models import (
    Method,
    Payment,
    Reversal,
    ReversalReason,
    ReversalRequest,
    TillSession,
    TillState,
)
from services.cashier.tills import money_of, open_tills
from services.catalogue.kinds import RefundRule
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.offices.actors import Actor
from services.requests import notices
from services.requests.events import event
from services.requests.locking import bump
from services.requests.models import EventKind, ServiceRequest
from services.requests.texts import Fields, checked_now, clean_note
from services.requests.trail import trace
from services.requests.writing import write_together
from tenants import clock

_DECIDED = ("decision", "decided_by", "decided_at")


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
    reversal_request_id: int,
    *,
    by: Actor,
    till_id: int | None = None,
    now: datetime | None = None,
) -> Reversal:
    """Approve a reversal as a second person: the money goes back, the receipt stays written.

    Cash comes out of the open till `till_id`; None: that of who took it, else of who asked,
    else the first open one of the office. Raises NotAllowed for the one who asked and for the
    cashier who took the money, Conflict when no till is open at an office that has tills.
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
            till_session_id=_till_to_pay(payment, asked, till_id, now=moment),
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


def refund_rejected(request: ServiceRequest, by: Actor, now: datetime) -> None:
    """After a rejection, do with the fee what the rule of the service says."""
    ask_refund(request, terms_of(request.service_version_id), by=by, now=now)


def ask_refund(request: ServiceRequest, terms: VersionTerms, *, by: Actor, now: datetime) -> None:
    """Ask for every payment of a rejected request to be paid back where the rule is `full`."""
    if terms.refund_rule != RefundRule.FULL:
        return
    payments = Payment.objects.filter(charge__request_id=request.pk, reversal__isnull=True).exclude(
        reversal_requests__decision=ReversalRequest.Decision.OPEN
    )
    for payment in payments:
        _ask(payment, payment.amount_riel, ReversalReason.REJECTED, by=by, note="", now=now)


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


def _till_to_pay(
    payment: Payment, asked: ReversalRequest, till_id: int | None, *, now: datetime
) -> int | None:
    """Return the locked till out of which a payment is given back; None where none is needed."""
    if payment.method != Method.CASH:
        return None
    tills = [
        till
        for till in open_tills(payment.office_id, clock.local_day(now))
        if till_id in (None, till.pk)
    ]
    wishes = (payment.cashier_id, asked.requested_by_id)
    tills.sort(key=lambda till: wishes.index(till.cashier_id) if till.cashier_id in wishes else 2)
    for till in tills:
        # Locked until the commit, so that it is not counted meanwhile; the next one if it is.
        if TillSession.objects.select_for_update().filter(pk=till.pk, state=TillState.OPEN).first():
            return till.pk
    since = money_of(payment.office_id).tills_since
    if till_id is not None or (since is not None and since <= now):
        raise Conflict(
            "no_till_to_pay",
            _("The money comes out of an open till. Let a cashier open a till first."),
        )
    return None


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
