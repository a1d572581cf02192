"""Takings of closed tills go to the treasury, on a numbered slip that a second person confirms."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import AlreadyDone, Invalid, NotAllowed, NotFound
from services.cashier.models import Deposit, DepositState, OfficeMoney, TillSession, TillState
from services.offices.actors import Actor
from services.requests.texts import NAME_LENGTH, Fields, checked_now, has_control_characters

REFERENCE_LENGTH = 60


def make_deposit(
    office_id: int,
    till_ids: Collection[int],
    *,
    bank: str,
    by: Actor,
    now: datetime | None = None,
) -> Deposit:
    """Put the takings of closed tills of one office on the next deposit slip.

    The takings are what was counted beyond the float, in each currency. Raises AlreadyDone when
    one of the tills is on another slip.
    """
    moment = checked_now(now)
    by.require(Verb.MAKE_DEPOSIT, office_id=office_id)
    if by.user_id is None:
        raise NotAllowed("not_allowed", _("Only a person can carry money."))
    fields = Fields()
    bank = _line(bank, "bank", NAME_LENGTH, fields)
    if not till_ids:
        fields.take("tills", _("Choose at least one closed till."))
    fields.refuse()
    with transaction.atomic():
        tills = _locked_tills(office_id, till_ids)
        riel = sum(till.takings[0] for till in tills)
        cents = sum(till.takings[1] for till in tills)
        _check_amounts(riel, cents)
        deposit = Deposit.objects.create(
            office_id=office_id,
            number=_next_number(office_id),
            amount_riel=riel,
            amount_cents=cents,
            bank=bank,
            made_by_id=by.user_id,
            made_at=moment,
        )
        TillSession.objects.filter(pk__in=[till.pk for till in tills]).update(deposit=deposit)
        record("make_deposit", deposit, by=by, riel=riel, cents=cents)
    return deposit


def confirm_deposit(
    deposit_id: int, *, reference: str, by: Actor, now: datetime | None = None
) -> Deposit:
    """Confirm as a second person that the treasury has the money, with its reference."""
    moment = checked_now(now)
    fields = Fields()
    reference = _line(reference, "reference", REFERENCE_LENGTH, fields)
    fields.refuse()
    with transaction.atomic():
        deposit = _locked_deposit(deposit_id, by=by)
        by.require(Verb.CONFIRM_DEPOSIT, office_id=deposit.office_id)
        if by.user_id is None or by.user_id == deposit.made_by_id:
            raise NotAllowed("second_person", _("A second person must approve this."))
        deposit.state, deposit.reference = DepositState.CONFIRMED, reference
        _decided(deposit, by=by, now=moment)
    return deposit


def withdraw_deposit(deposit_id: int, *, by: Actor, now: datetime | None = None) -> Deposit:
    """Take an unconfirmed slip back; its number stays used and its tills are free again."""
    moment = checked_now(now)
    with transaction.atomic():
        deposit = _locked_deposit(deposit_id, by=by)
        if by.user_id != deposit.made_by_id:
            by.require(Verb.CONFIRM_DEPOSIT, office_id=deposit.office_id)
        deposit.state = DepositState.WITHDRAWN
        _decided(deposit, by=by, now=moment)
        TillSession.objects.filter(deposit=deposit).update(deposit=None)
    return deposit


def _decided(deposit: Deposit, *, by: Actor, now: datetime) -> None:
    deposit.decided_by_id, deposit.decided_at = by.user_id, now
    deposit.save(update_fields=["state", "reference", "decided_by", "decided_at"])
    record(f"deposit_{deposit.state}", deposit, by=by, reference=deposit.reference)


def _line(text: str, field: str, longest: int, fields: Fields) -> str:
    line = text.strip()
    if not line or len(line) > longest or has_control_characters(line):
        fields.take(field, _("Fill this in, on one line."))
    return line


def _locked_tills(office_id: int, till_ids: Collection[int]) -> list[TillSession]:
    tills = list(
        TillSession.objects.select_for_update()
        .filter(pk__in=till_ids, office_id=office_id)
        .order_by("id")
    )
    if len(tills) != len(set(till_ids)):
        raise NotFound
    if any(till.state != TillState.CLOSED for till in tills):
        raise Invalid("till_not_closed", _("Only closed tills can be deposited."))
    if any(till.deposit_id is not None for till in tills):
        raise AlreadyDone(
            "already_deposited", _("One of these tills is on another deposit slip already.")
        )
    return tills


def _check_amounts(riel: int, cents: int) -> None:
    if riel < 0 or cents < 0:
        raise Invalid(
            "deposit_negative",
            _(
                "Together these tills gave out more of one currency than they took. Add another"
                " closed till."
            ),
        )
    if not riel and not cents:
        raise Invalid("deposit_empty", _("These tills took no cash: there is nothing to deposit."))


def _next_number(office_id: int) -> int:
    money = OfficeMoney.objects.select_for_update().get(pk=office_id)
    money.last_deposit_number += 1
    money.save(update_fields=["last_deposit_number"])
    return money.last_deposit_number


def _locked_deposit(deposit_id: int, *, by: Actor) -> Deposit:
    deposit = Deposit.objects.select_for_update().filter(pk=deposit_id).first()
    if deposit is None:
        raise NotFound
    scope = {"office_id": deposit.office_id}
    if not by.may(Verb.MAKE_DEPOSIT, **scope) and not by.may(Verb.CONFIRM_DEPOSIT, **scope):
        raise NotFound
    if deposit.state != DepositState.MADE:
        raise AlreadyDone("already_decided", _("Somebody has decided on this already."))
    return deposit
