"""What the bank says of a payment by phone is recorded once; what is left over is settled by hand.

An answer to a question and a signed notice are recorded by the same action, in any order and any
number of times. Nothing that the bank booked is lost: what pays no fee, or came when the
cashier's till was closed, is an open item until somebody says what was done about it.
"""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.models import User
from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import AlreadyDone, InvalidTransition, NotAllowed, NotFound
from services.cashier.actions.payments import take_payment
from services.cashier.bank import Answer, Notice, Outcome
from services.cashier.models import (
    BankNotice,
    Currency,
    ItemKind,
    KhqrOrder,
    KhqrState,
    Method,
    OfficeMoney,
    OpenItem,
    Payment,
)
from services.cashier.queries import balance_of
from services.cashier.tenders import CENTS, Tender
from services.offices.actors import Actor, actor_of, system_actor
from services.requests.models import ServiceRequest
from services.requests.texts import Fields, checked_now, clean_note

_NUMBERS = {"116": Currency.KHR, "840": Currency.USD}


def settle_khqr(order_id: int, answer: Answer, *, now: datetime) -> KhqrOrder:
    """Record a bank's answer once; money is taken in the name of whoever showed the code."""
    request_id = KhqrOrder.objects.values_list("charge__request_id", flat=True).get(pk=order_id)
    with transaction.atomic():
        request = ServiceRequest.objects.select_for_update().get(pk=request_id)
        order = KhqrOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
        if order.state == KhqrState.CONFIRMED:
            _note_second(order, answer, now=now)
        elif answer.outcome == Outcome.PAID and _is_for(answer, order):
            _confirm(order, request, answer, now=now)
        else:
            _move(order, answer, now=now)
    return order


def hear_khqr(notice: Notice, *, now: datetime | None = None) -> KhqrOrder:
    """Record a signed notice of the bank; the same notice sent again changes nothing.

    Raises NotFound for a code nobody showed here, NotAllowed for a number used for another.
    """
    moment = checked_now(now)
    order = KhqrOrder.objects.filter(md5=notice.md5).first()
    if order is None:
        raise NotFound
    with transaction.atomic():
        settled = settle_khqr(order.pk, notice.answer, now=moment)
        kept, _is_new = BankNotice.objects.get_or_create(
            notice_id=notice.notice_id,
            defaults={
                "order_id": order.pk,
                "reference": notice.answer.reference,
                "amount": notice.answer.amount,
                "currency": notice.answer.currency,
                "sent_at": notice.sent_at,
                "received_at": moment,
            },
        )
        if kept.order_id != order.pk:
            raise NotAllowed("notice_refused", _("This notice cannot be accepted."))
    return settled


def settle_open_item(
    item_id: int, note: str, *, by: Actor, now: datetime | None = None
) -> OpenItem:
    """Write down what was done about money by phone that was left over; once, and for good."""
    moment = checked_now(now)
    fields = Fields()
    note = clean_note(note, field="note", fields=fields, is_required=True)
    fields.refuse()
    with transaction.atomic():
        item = OpenItem.objects.select_for_update().filter(pk=item_id).first()
        if item is None or not by.may(Verb.CHECK_TILL, office_id=item.office_id):
            raise NotFound
        if by.user_id is None:
            raise NotAllowed("not_allowed", _("Only a person can say what was done."))
        if item.settled_at is not None:
            raise AlreadyDone("already_decided", _("Somebody has decided on this already."))
        item.settled_at, item.settled_by_id, item.note = moment, by.user_id, note
        item.save(update_fields=["settled_at", "settled_by", "note"])
        record("settle_open_item", item, by=by, kind=item.kind, reference=item.reference)
    return item


def _confirm(order: KhqrOrder, request: ServiceRequest, answer: Answer, *, now: datetime) -> None:
    order.state, order.confirmed_at = KhqrState.CONFIRMED, now
    order.bank_reference = answer.reference
    order.save(update_fields=["state", "bank_reference", "confirmed_at"])
    taker = _taker(order)
    order.payment_id = _taken(order, request, taker, now=now)
    if order.payment_id is None:
        _note(order, ItemKind.SURPLUS, answer, now=now)
    elif _is_in_no_till(order, now):
        _note(order, ItemKind.NO_TILL, answer, now=now)
    record("confirm_khqr", order, by=taker, is_taken=order.payment_id is not None)


def _taken(order: KhqrOrder, request: ServiceRequest, taker: Actor, *, now: datetime) -> int | None:
    """Take the fee with the confirmed code, if it needs it still; its table ties the two."""
    if _due(request) != order.amount_riel:
        return None
    tender = Tender(
        method=Method.KHQR,
        currency=order.currency,
        cents=order.amount_cents,
        is_confirmed=True,
        agreed_rate=order.rate,
    )
    key = uuid5(NAMESPACE_URL, f"khqr:{order.md5}")
    try:
        receipt = take_payment(
            order.charge_id, tender=tender, by=taker, idempotency_key=key, now=now
        )
    except (AlreadyDone, InvalidTransition):
        # The request ended meanwhile: the money must go back.
        return None
    return receipt.payment_id


def _move(order: KhqrOrder, answer: Answer, *, now: datetime) -> None:
    """Keep what is known of a code that is not confirmed; another sum is never lost."""
    if answer.outcome == Outcome.PAID:
        order.state = KhqrState.OTHER_SUM
        _note(order, ItemKind.OTHER_SUM, answer, now=now)
    elif answer.outcome == Outcome.FAILED:
        order.state = KhqrState.FAILED
    elif order.state == KhqrState.WAITING and order.expires_at <= now:
        order.state = KhqrState.EXPIRED
    order.save(update_fields=["state"])


def _note_second(order: KhqrOrder, answer: Answer, *, now: datetime) -> None:
    """A code that was paid twice: the second payment must go back."""
    if answer.outcome == Outcome.PAID and answer.reference != order.bank_reference:
        _note(order, ItemKind.SURPLUS, answer, now=now)


def _note(order: KhqrOrder, kind: ItemKind, answer: Answer, *, now: datetime) -> None:
    item, is_new = OpenItem.objects.get_or_create(
        order=order,
        kind=kind,
        reference=answer.reference,
        defaults={
            "office_id": order.office_id,
            "amount": answer.amount,
            "currency": _currency(answer) or order.currency,
            "noted_at": now,
        },
    )
    if is_new:
        record("note_open_item", item, by=system_actor("khqr"), kind=kind, amount=answer.amount)


def _is_in_no_till(order: KhqrOrder, now: datetime) -> bool:
    """Say whether the payment is in no till of an office that takes its money at tills."""
    tills = OfficeMoney.objects.filter(office_id=order.office_id, tills_since__lte=now)
    payment = Payment.objects.filter(khqr_order=order, till_session__isnull=True)
    return payment.exists() and tills.exists()


def _taker(order: KhqrOrder) -> Actor:
    """Return who showed the code, while they may take payments; else the system."""
    user = User.objects.filter(is_active=True, pk=order.shown_by_id or 0).first()
    actor = None if user is None else actor_of(user)
    if actor is not None and actor.may(Verb.TAKE_PAYMENT, office_id=order.office_id):
        return actor
    return system_actor("khqr")


def _due(request: ServiceRequest) -> int:
    balance = balance_of(request.pk)
    return 0 if balance is None else balance.due_riel


def _is_for(answer: Answer, order: KhqrOrder) -> bool:
    """Say whether the bank booked this very amount, in its currency where it says so."""
    try:
        amount = Decimal(answer.amount)
    except InvalidOperation:
        return False
    if order.currency == Currency.USD:
        amount *= CENTS
    wanted = order.amount_cents if order.currency == Currency.USD else order.amount_riel
    return amount == wanted and _currency(answer) in {"", order.currency}


def _currency(answer: Answer) -> str:
    """The bank's currency as the offices write it; banks send letters or the ISO number."""
    return str(_NUMBERS.get(answer.currency, answer.currency))
