"""Deposits: takings of closed tills on a numbered slip, confirmed by a second person."""

import pytest
from django.db import DatabaseError, transaction

from owso.errors import AlreadyDone, Invalid, NotAllowed, NotFound
from services.cashier.actions import confirm_deposit, make_deposit, withdraw_deposit
from services.cashier.models import Deposit, DepositState, TillSession
from services.cashier.tenders import Tender
from services.cashier.tills import undeposited
from tests.factories import district_office, staff, unit
from tests.services.cashier.tills import count_exactly, opened, pay, rate_of_today

BANK = "រតនាគារខេត្ត"


@pytest.fixture
def cashier(province):
    """Who brings the money."""
    return staff("cashier")


def closed(cashier, *tenders, number=1):
    till = opened(cashier, number=number)
    for tender in tenders or (Tender(),):
        pay(cashier, tender)
    return count_exactly(till, cashier)


def made(cashier, *tills, bank=BANK):
    return make_deposit(district_office(), [till.pk for till in tills], bank=bank, by=cashier)


def test_several_tills_go_on_one_slip_with_their_takings(cashier):
    rate_of_today(4_000)
    tills = [closed(cashier), closed(cashier, Tender(), Tender(currency="USD", cents=200))]

    deposit = made(cashier, *tills)

    assert (deposit.number, deposit.amount_riel, deposit.amount_cents) == (1, 7_000, 200)
    assert not undeposited(district_office())
    assert confirm_deposit(deposit.pk, reference="TR-77", by=staff("chief")).state == "confirmed"


def test_a_till_is_deposited_once(cashier):
    till = closed(cashier)
    made(cashier, till)

    with pytest.raises(AlreadyDone):
        made(cashier, till)


def test_an_open_till_and_one_of_another_office_cannot_be_deposited(cashier):
    with pytest.raises(Invalid):
        made(cashier, opened(cashier))
    other = staff("cashier", office_id=unit())
    elsewhere = count_exactly(opened(other, office_id=unit()), other)
    with pytest.raises(NotFound):
        made(cashier, elsewhere)


def test_what_must_be_filled_in_is_said(cashier):
    with pytest.raises(Invalid) as refused:
        make_deposit(district_office(), [], bank=" ", by=cashier)

    assert set(refused.value.fields) == {"bank", "tills"}


def test_an_empty_or_negative_deposit_is_refused(cashier):
    with pytest.raises(Invalid) as refused:
        made(cashier, count_exactly(opened(cashier), cashier))
    assert refused.value.code == "deposit_empty"
    rate_of_today(4_000)
    short = closed(cashier, Tender(currency="USD", cents=500))
    with pytest.raises(Invalid) as refused:
        made(cashier, short)
    assert refused.value.code == "deposit_negative"


def test_the_maker_does_not_confirm(province):
    both = staff("cashier", "chief")
    deposit = made(both, closed(both))
    with pytest.raises(NotAllowed):
        confirm_deposit(deposit.pk, reference="TR-1", by=both)
    with pytest.raises(NotAllowed):
        confirm_deposit(deposit.pk, reference="TR-1", by=staff("cashier"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Deposit.objects.update(
            state=DepositState.CONFIRMED, reference="TR-1", decided_by_id=both.user_id
        )


def test_a_deposit_is_confirmed_once_with_a_reference(cashier):
    deposit, chief = made(cashier, closed(cashier)), staff("chief")
    with pytest.raises(Invalid):
        confirm_deposit(deposit.pk, reference="", by=chief)
    confirm_deposit(deposit.pk, reference="TR-1", by=chief)

    with pytest.raises(AlreadyDone):
        confirm_deposit(deposit.pk, reference="TR-2", by=chief)
    with pytest.raises(AlreadyDone):
        withdraw_deposit(deposit.pk, by=chief)
    with pytest.raises(DatabaseError), transaction.atomic():
        TillSession.objects.update(deposit=None)


def test_a_withdrawn_slip_keeps_its_number_and_frees_its_tills(cashier):
    till = closed(cashier)
    first = made(cashier, till)
    withdraw_deposit(first.pk, by=cashier)

    second = made(cashier, till)

    assert (first.number, second.number) == (1, 2)


def test_a_deposit_of_another_office_is_not_there(cashier):
    deposit = made(cashier, closed(cashier))

    with pytest.raises(NotFound):
        confirm_deposit(deposit.pk, reference="TR-1", by=staff("chief", office_id=unit()))
