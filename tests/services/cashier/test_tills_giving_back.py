"""Money given back comes out of an open till, or goes back the way it came."""

import pytest

from owso.errors import Conflict
from services.cashier.actions import (
    approve_reversal,
    request_reversal,
)
from services.cashier.models import Payment
from services.cashier.tills import figures_of
from tests.services.cashier.tills import (
    FLOAT_RIEL,
    count_exactly,
    opened,
    pay,
    pay_by_phone,
    with_account,
)


def test_money_given_back_comes_out_of_an_open_till(till, cashier, chief):
    pay(cashier)
    payment = Payment.objects.get()
    asked = request_reversal(payment.pk, by=cashier, reason="wrong_amount")

    reversal = approve_reversal(asked.pk, by=chief)

    assert reversal.till_session_id == till.pk
    figures = figures_of(till)
    assert (figures.reversed_riel, figures.reversed_count) == (5_000, 1)
    assert figures.expected_riel == FLOAT_RIEL


def test_the_chief_chooses_out_of_which_till_money_is_given_back(till, cashier, chief):
    other = opened(number=2)
    pay(cashier)
    asked = request_reversal(Payment.objects.get().pk, by=cashier, reason="wrong_amount")

    assert approve_reversal(asked.pk, by=chief, till_id=other.pk).till_session_id == other.pk


def test_without_an_open_till_no_cash_goes_back(till, cashier, chief):
    pay(cashier)
    asked = request_reversal(Payment.objects.get().pk, by=cashier, reason="wrong_amount")
    count_exactly(till, cashier)

    with pytest.raises(Conflict) as refused:
        approve_reversal(asked.pk, by=chief)
    assert refused.value.code == "no_till_to_pay"
    with pytest.raises(Conflict):
        approve_reversal(asked.pk, by=chief, till_id=till.pk)
    next_till = opened(cashier)
    assert approve_reversal(asked.pk, by=chief).till_session_id == next_till.pk


def test_a_payment_by_phone_goes_back_through_the_bank(till, cashier, chief):
    with_account()
    pay_by_phone(cashier)
    asked = request_reversal(Payment.objects.get().pk, by=cashier, reason="wrong_amount")

    assert approve_reversal(asked.pk, by=chief).till_session_id is None
