"""What one window does in one go: register, charge and take the fee in one statement."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.errors import Conflict, Invalid
from services.cashier.actions import receipt_of
from services.cashier.models import Charge, Currency, Payment, Receipt
from services.cashier.queries import rate_on
from services.cashier.rows import Paid, charge_row, taking
from services.cashier.taking import explain_refusal
from services.cashier.tenders import Tender, credit
from services.offices.actors import Actor
from services.requests import notices
from services.requests.actions.registering import (
    REFUSALS,
    Registration,
    made_before,
    prepare_registration,
)
from services.requests.intake import Intake
from services.requests.models import ServiceRequest
from services.requests.trail import trace
from services.requests.writing import drawn_id, one_statement, write_together
from tenants import clock


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered request; the receipt is None for a free service or a fee still due."""

    request: ServiceRequest
    charge: Charge
    receipt: Receipt | None
    change_riel: int = 0
    is_repeat: bool = False


def register_and_pay(
    intake: Intake,
    tender: Tender,
    *,
    by: Actor,
    now: datetime | None = None,
    charged_riel: int | None = None,
) -> Registered:
    """Register a request, charge its fee and take it, with receipt and events, all or nothing.

    `charged_riel` may ask less than a maximum fee. A free service gives no receipt. The same
    idempotency key gives what was made the first time. Raises Invalid, NotAllowed, Conflict.
    """
    _check_complete(intake)
    try:
        with one_statement():
            registration = prepare_registration(intake, by=by, now=now)
            scope = {"office_id": intake.office_id, "sector_id": intake.terms.sector_id}
            by.require(Verb.TAKE_PAYMENT, **scope)
            charge = charge_row(
                registration.request,
                intake.terms,
                id=drawn_id(Charge),
                amount_riel=charged_riel,
                now=registration.now,
            )
            return _write(registration, charge, tender, by=by)
    except REFUSALS as refusal:
        why = _refusal_of_the_till(refusal, intake, by=by, now=now or clock.now())
        return _repeated(made_before(intake, why), tender)


def register_and_charge(
    intake: Intake,
    *,
    by: Actor,
    now: datetime | None = None,
    charged_riel: int | None = None,
) -> Registered:
    """Register a request and charge its fee, to be paid later at the cashier's desk."""
    _check_complete(intake)
    try:
        with one_statement():
            registration = prepare_registration(intake, by=by, now=now)
            charge = charge_row(
                registration.request,
                intake.terms,
                id=drawn_id(Charge),
                amount_riel=charged_riel,
                now=registration.now,
            )
            return _write(registration, charge, None, by=by)
    except REFUSALS as refusal:
        return _repeated(made_before(intake, refusal), None)


def _refusal_of_the_till(
    refusal: Exception, intake: Intake, *, by: Actor, now: datetime
) -> Exception:
    """Return what the table refused, in the words of the till if it was for the till's sake."""
    if isinstance(refusal, IntegrityError):
        try:
            explain_refusal(refusal, intake.office_id, by=by, now=now)
        except Conflict as told:
            return told
    return refusal


def payment_key(registration_key: UUID) -> UUID:
    """Return the key of the payment that belongs to a registration's own key."""
    return uuid5(registration_key, "payment")


def _check_complete(intake: Intake) -> None:
    if not intake.is_complete:
        raise Invalid(
            "papers_missing", _("The fee is taken when the papers are complete. Register only.")
        )


def _write(
    registration: Registration, charge: Charge, tender: Tender | None, *, by: Actor
) -> Registered:
    request, now = registration.request, registration.now
    if tender is None or charge.amount_riel == 0:
        entry = trace(by, "register", request, charged_riel=charge.amount_riel)
        write_together(*registration.rows, charge, entry)
        notices.announce()
        return Registered(request, charge, None)
    rate = rate_on(clock.local_day(now)) if tender.currency == Currency.USD else None
    worth = credit(tender, due_riel=charge.amount_riel, rate=rate)
    key = payment_key(request.idempotency_key)
    paid = Paid(tender=tender, credit=worth, rate=rate, key=key, by=by, now=now)
    entry = trace(by, "register_and_pay", request, amount_riel=worth.amount_riel)
    taken = taking(
        request, charge, paid, payment_id=drawn_id(Payment), receipt_id=drawn_id(Receipt)
    )
    write_together(*registration.rows, charge, *taken.rows, entry)
    notices.announce()
    return Registered(request, charge, taken.receipt, taken.change_riel)


def _repeated(request: ServiceRequest, tender: Tender | None) -> Registered:
    """Return what was made the first time for the same key."""
    charge = Charge.objects.filter(request=request).first()
    if charge is None:
        raise Conflict(
            "idempotency_mismatch",
            _("This form was sent before with other content. Start a new form."),
        )
    receipt = None
    if tender is not None:
        receipt = receipt_of(payment_key(request.idempotency_key), tender=tender)
    return Registered(request, charge, receipt, is_repeat=True)
