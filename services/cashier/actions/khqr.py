"""Payment by phone: a code is shown and the bank is asked; `settling` records what it says.

No "no" is final: a payment that the bank confirms after its code expired or failed is recorded
then. Asking any number of times, by whomever, records it once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import AlreadyDone, NotFound
from services.cashier.actions.settling import settle_khqr
from services.cashier.bank import Bank, bank
from services.cashier.khqr import Merchant, md5_of, payload
from services.cashier.models import (
    Charge,
    Currency,
    ExchangeRate,
    KhqrOrder,
    KhqrState,
    OfficeMoney,
)
from services.cashier.queries import balance_of, rate_on
from services.cashier.taking import no_khqr_account
from services.cashier.tenders import cents_for, no_rate
from services.cashier.tills import money_of
from services.offices.actors import Actor
from services.offices.queries import office
from services.requests.locking import lock_for
from services.requests.models import ServiceRequest
from services.requests.texts import Fields, checked_now, has_control_characters
from services.requests.writing import next_ids
from tenants import clock
from tenants.context import current_province

VALID_FOR = timedelta(minutes=10)


def show_khqr(
    charge_id: int, *, by: Actor, currency: str = Currency.KHR, now: datetime | None = None
) -> KhqrOrder:
    """Return the code by which what is due of a charge can be paid; one is valid at a time.

    In dollars it asks what covers the fee at the rate posted today. Raises Conflict for an office
    without an account or a day without a rate, AlreadyDone when nothing is due.
    """
    moment = checked_now(now)
    charge = Charge.objects.filter(pk=charge_id).first()
    if charge is None:
        raise NotFound
    with transaction.atomic():
        request, _terms = lock_for("pay", charge.request_id, by=by)
        asked = _asked(request, currency, now=moment)
        money = money_of(request.office_id)
        if not money.khqr_account:
            raise no_khqr_account()
        shown = KhqrOrder.objects.filter(charge=charge, state=KhqrState.WAITING).first()
        if shown is not None:
            if shown.expires_at > moment and asked.is_of(shown):
                return shown
            shown.state = KhqrState.EXPIRED
            shown.save(update_fields=["state"])
        order = _new_order(charge, money, asked, by=by, now=moment)
        record("show_khqr", order, by=by, amount_riel=asked.riel, currency=currency)
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a code asks: the riel due, and in dollars the cents that cover it at a rate."""

    riel: int
    cents: int | None = None
    rate: ExchangeRate | None = None

    @property
    def currency(self) -> Currency:
        return Currency.KHR if self.cents is None else Currency.USD

    def is_of(self, order: KhqrOrder) -> bool:
        """Say whether a code that was shown asks the same."""
        return (order.amount_riel, order.amount_cents) == (self.riel, self.cents)


def _asked(request: ServiceRequest, currency: str, *, now: datetime) -> _Asked:
    balance = balance_of(request.pk)
    due = 0 if balance is None else balance.due_riel
    if due <= 0:
        raise AlreadyDone("already_paid", _("This fee has been paid already."))
    if currency != Currency.USD:
        return _Asked(due)
    rate = rate_on(clock.local_day(now))
    if rate is None:
        raise no_rate()
    return _Asked(due, cents_for(due, rate), rate)


def _new_order(
    charge: Charge, money: OfficeMoney, asked: _Asked, *, by: Actor, now: datetime
) -> KhqrOrder:
    place = office(money.office_id)
    (order_id,) = next_ids(KhqrOrder)
    bill_number = f"{place.code}-{order_id}"
    expires_at = now + VALID_FOR
    text = payload(
        _merchant(money),
        amount=asked.riel if asked.cents is None else asked.cents,
        currency=asked.currency,
        bill_number=bill_number,
        created_at=now,
        expires_at=expires_at,
    )
    return KhqrOrder.objects.create(
        id=order_id,
        charge=charge,
        office_id=money.office_id,
        shown_by_id=by.user_id,
        amount_riel=asked.riel,
        currency=asked.currency,
        amount_cents=asked.cents,
        rate=asked.rate,
        bill_number=bill_number,
        payload=text,
        md5=md5_of(text),
        created_at=now,
        expires_at=expires_at,
    )


def _merchant(money: OfficeMoney) -> Merchant:
    return Merchant(
        account=money.khqr_account,
        name=money.khqr_name,
        city=current_province().name_en,
        merchant_id=money.khqr_merchant_id,
        bank=money.khqr_bank,
    )
