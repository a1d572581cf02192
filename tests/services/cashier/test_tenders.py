"""What money on the counter pays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from owso.errors import Invalid
from services.cashier.models import ExchangeRate
from services.cashier.tenders import Tender, credit

RATE = ExchangeRate(riel_per_dollar=4_100)
fees = st.integers(1, 10**9)


def test_no_amount_named_means_the_exact_fee():
    assert credit(Tender(), due_riel=5_000, rate=None).change_riel == 0


@given(fees, st.integers(0, 10**9))
def test_riel_pay_the_fee_and_the_rest_is_change(due, more):
    paid = credit(Tender(riel=due + more), due_riel=due, rate=None)

    assert (paid.amount_riel, paid.change_riel) == (due, more)


@given(fees, st.integers(1, 10**8))
def test_dollars_count_at_the_posted_rate_rounded_down(due, cents):
    worth = cents * 4_100 // 100
    tender = Tender(currency="USD", cents=cents)

    if worth < due:
        with pytest.raises(Invalid):
            credit(tender, due_riel=due, rate=RATE)
    else:
        assert credit(tender, due_riel=due, rate=RATE).change_riel == worth - due


@pytest.mark.parametrize(
    "tender",
    [
        Tender(riel=4_999),
        Tender(riel=-1),
        Tender(riel=10**15),
        Tender(method="khqr", riel=5_001),
        Tender(method="cheque"),
        Tender(currency="EUR"),
        Tender(currency="USD", cents=0),
        Tender(currency="USD", cents=None),
        Tender(currency="USD", cents=-500),
    ],
)
def test_a_tender_that_does_not_pay_the_fee_is_refused(tender):
    with pytest.raises(Invalid) as refused:
        credit(tender, due_riel=5_000, rate=RATE)

    assert refused.value.fields


def test_dollars_are_refused_while_no_rate_is_posted():
    with pytest.raises(Invalid) as refused:
        credit(Tender(currency="USD", cents=500), due_riel=5_000, rate=None)

    assert "currency" in refused.value.fields
