"""Payment by phone: a code is shown, the bank is asked, and only what it confirms is recorded.

No "no" is final: a payment that the bank confirms after its code expired or failed is recorded
then. Asking any number of times, by whomever, records it once.
"""

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.models import User
from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import AlreadyDone, Conflict, InvalidTransition, NotFound
from services.cashier.actions.payments import take_payment
from services.cashier.bank import Answer, Bank, Outcome, bank
from services.cashier.khqr import Merchant, md5_of, payload
from services.cashier.models import Charge, Currency, KhqrOrder, KhqrState, Method, OfficeMoney
from services.cashier.queries import balance_of
from services.cashier.tenders import Tender
from services.cashier.tills import money_of
from services.offices.actors import Actor, actor_of, system_actor
from services.offices.queries import office
from services.requests.locking import lock_for
from services.requests.models import ServiceRequest
from services.requests.texts import Fields, checked_now, has_control_characters
from services.requests.writing import next_ids
from tenants.context import current_province

VALID_FOR = timedelta(minutes=10)


def show_khqr(charge_id: int, *, by: Actor, now: datetime | None = None) -> KhqrOrder:
    """Return the code by which what is due of a charge can be paid; one is valid at a time.

    Raises Conflict for an office without an account, AlreadyDone when nothing is due.
    """
    moment = checked_now(now)
    charge = Charge.objects.filter(pk=charge_id).first()
    if charge is None:
        raise NotFound
    with transaction.atomic():
        request, _terms = lock_for("pay", charge.request_id, by=by)
        due = _due(request)
        if due <= 0:
            raise AlreadyDone("already_paid", _("This fee has been paid already."))
        money = money_of(request.office_id)
        if not money.khqr_account:
            raise Conflict(
                "no_khqr_account", _("This office has no account for KHQR. Take cash instead.")
            )
        shown = KhqrOrder.objects.filter(charge=charge, state=KhqrState.WAITING).first()
        if shown is not None:
            if shown.expires_at > moment and shown.amount_riel == due:
                return shown
            shown.state = KhqrState.EXPIRED
            shown.save(update_fields=["state"])
        order = _new_order(charge, money, due, by=by, now=moment)
        record("show_khqr", order, by=by, amount_riel=due)
    return order


def check_khqr(
    order_id: int, *, by: Actor, now: datetime | None = None, asked: Bank | None = None
) -> KhqrOrder:
    """Ask the bank about a code and record what it says; a confirmed one is not asked again.

    Raises Unavailable when the bank does not answer: then nothing is concluded.
    """
    moment = checked_now(now)
    order = KhqrOrder.objects.filter(pk=order_id).first()
    if order is None or not by.may(Verb.TAKE_PAYMENT, office_id=order.office_id):
        raise NotFound
    if order.state == KhqrState.CONFIRMED:
        return order
    # Outside every transaction: a slow bank must hold no lock.
    answer = (asked or bank()).ask(order.md5)
    return settle_khqr(order.pk, answer, now=moment)


def settle_khqr(order_id: int, answer: Answer, *, now: datetime) -> KhqrOrder:
    """Record a bank's answer once; money is taken in the name of whoever showed the code."""
    request_id = KhqrOrder.objects.values_list("charge__request_id", flat=True).get(pk=order_id)
    with transaction.atomic():
        request = ServiceRequest.objects.select_for_update().get(pk=request_id)
        order = KhqrOrder.objects.select_for_update(of=("self",)).get(pk=order_id)
        if order.state == KhqrState.CONFIRMED:
            return order
        if answer.outcome == Outcome.PAID and _is_for(answer, order):
            _confirm(order, request, answer, now=now)
        elif answer.outcome != Outcome.UNKNOWN:
            order.state = KhqrState.FAILED
        elif order.state == KhqrState.WAITING and order.expires_at <= now:
            order.state = KhqrState.EXPIRED
        order.save(update_fields=["state", "bank_reference", "confirmed_at", "payment"])
    return order


def set_khqr_account(
    office_id: int, *, account: str, name: str, merchant_id: str, bank_name: str, by: Actor
) -> OfficeMoney:
    """Set the account to which an office's payments by phone go; an empty one ends them."""
    by.require(Verb.MANAGE_OFFICES, office_id=office_id)
    fields = Fields()
    values = {
        "khqr_account": _plain(account, "khqr_account", fields),
        "khqr_name": _plain(name, "khqr_name", fields),
        "khqr_merchant_id": _plain(merchant_id, "khqr_merchant_id", fields),
        "khqr_bank": _plain(bank_name, "khqr_bank", fields),
    }
    if values["khqr_account"] and "@" not in values["khqr_account"]:
        fields.take("khqr_account", _("Write the account as the bank gave it: name@bank."))
    if values["khqr_account"] and not values["khqr_name"]:
        fields.take("khqr_name", _("Enter a name."))
    fields.refuse()
    with transaction.atomic():
        money, _is_new = OfficeMoney.objects.select_for_update().get_or_create(office_id=office_id)
        before = money.khqr_account
        for field, value in values.items():
            setattr(money, field, value)
        money.save(update_fields=list(values))
        record("set_khqr_account", money, by=by, account=[before, money.khqr_account])
    return money


def _plain(text: str, field: str, fields: Fields) -> str:
    """Latin letters only: a code is counted in bytes, and every phone must read it."""
    line = text.strip()
    if not line.isascii() or has_control_characters(line):
        fields.take(field, _("Use Latin letters and digits."))
    return line


def _new_order(
    charge: Charge, money: OfficeMoney, due: int, *, by: Actor, now: datetime
) -> KhqrOrder:
    place = office(money.office_id)
    (order_id,) = next_ids(KhqrOrder)
    bill_number = f"{place.code}-{order_id}"
    expires_at = now + VALID_FOR
    merchant = Merchant(
        account=money.khqr_account,
        name=money.khqr_name,
        city=current_province().name_en,
        merchant_id=money.khqr_merchant_id,
        bank=money.khqr_bank,
    )
    text = payload(
        merchant, amount=due, bill_number=bill_number, created_at=now, expires_at=expires_at
    )
    return KhqrOrder.objects.create(
        id=order_id,
        charge=charge,
        office_id=money.office_id,
        shown_by_id=by.user_id,
        amount_riel=due,
        bill_number=bill_number,
        payload=text,
        md5=md5_of(text),
        created_at=now,
        expires_at=expires_at,
    )


def _confirm(order: KhqrOrder, request: ServiceRequest, answer: Answer, *, now: datetime) -> None:
    order.state, order.confirmed_at = KhqrState.CONFIRMED, now
    order.bank_reference = answer.reference
    taker = _taker(order)
    if _due(request) == order.amount_riel:
        try:
            receipt = take_payment(
                order.charge_id,
                tender=Tender(method=Method.KHQR, is_confirmed=True),
                by=taker,
                idempotency_key=uuid5(NAMESPACE_URL, f"khqr:{order.md5}"),
                now=now,
            )
            order.payment = receipt.payment
        except (AlreadyDone, InvalidTransition):
            # The request ended meanwhile: the money must go back, the chief's list says so.
            order.payment = None
    record("confirm_khqr", order, by=taker, is_taken=order.payment_id is not None)


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
    """Say whether the bank booked this very amount, in riel, where it says so."""
    try:
        amount = Decimal(answer.amount)
    except InvalidOperation:
        return False
    return amount == order.amount_riel and answer.currency in {"", Currency.KHR, "116"}
