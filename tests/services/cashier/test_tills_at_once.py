"""Several cashiers at once, on real connections: every riel is in exactly one till."""

from datetime import timedelta

from django.db.models import Sum

from analytics.folding import fold
from analytics.verification import verify
from owso.errors import DomainError
from services.cashier.actions import approve_reversal, count_till, request_reversal
from services.cashier.models import OpenItem, Payment, Receipt, Reversal, TillState
from services.cashier.tenders import Tender
from services.cashier.tills import figures_of
from services.counter import register_and_pay
from services.requests.models import RequestEvent
from tests.factories import IntakeFactory, RequestFactory, staff
from tests.services.cashier.test_concurrency import at_once, kinds, real
from tests.services.cashier.tills import (
    FLOAT_CENTS,
    FLOAT_RIEL,
    count_exactly,
    opened,
    pay,
    pay_by_phone,
    pieces,
    rate_of_today,
    with_account,
)

__all__ = ["real"]
EACH = 8


def test_the_day_adds_up_whoever_took_the_money(real):
    """Payments, receipts, tills and the ledger: four sums, one figure."""
    rate_of_today(4_000)
    with_account()
    cashiers = [staff("information_officer", "cashier") for _ in range(4)]
    tills = [opened(by, number=place) for place, by in enumerate(cashiers, 1)]
    charges = [[RequestFactory(charged=True).charge.pk for _ in range(EACH)] for _ in cashiers]
    tenders = (
        Tender(riel=20_000),
        Tender(currency="USD", cents=500, change_cents=100),
        Tender(currency="USD", cents=100, riel=2_000),
    )

    def work(place):
        by = cashiers[place]
        for turn, charge_id in enumerate(charges[place]):
            if turn % 4 == 3:
                pay_by_phone(by, charge_id=charge_id, currency=("KHR", "USD")[turn // 4])
            else:
                pay(by, tenders[turn % 4], charge_id=charge_id)
            register_and_pay(IntakeFactory(), tenders[turn % 3], by=by)

    at_once(real, *[lambda place=place: work(place) for place in range(4)])
    chief = staff("chief")
    in_dollars = Payment.objects.filter(method="cash", currency="USD").order_by("id")
    taken_back = [
        *Payment.objects.filter(method="cash", currency="KHR").order_by("id")[:2],
        in_dollars.filter(riel_beside=0)[0],
        in_dollars.filter(riel_beside__gt=0)[0],
        *Payment.objects.filter(method="khqr").order_by("id")[:2],
    ]
    for payment in taken_back:
        asked = request_reversal(payment.pk, by=cashiers[0], reason="duplicate")
        approve_reversal(asked.pk, by=chief)
    closed = at_once(
        real,
        *[
            lambda till=till, by=by: count_exactly(till, by)
            for till, by in zip(tills, cashiers, strict=True)
        ],
    )

    figures = [figures_of(till) for till in tills]
    paid = Payment.objects.aggregate(sum=Sum("amount_riel"))["sum"]
    receipts = Receipt.objects.aggregate(sum=Sum("payment__amount_riel"))["sum"]
    ledger = RequestEvent.objects.filter(kind="paid").aggregate(sum=Sum("amount_riel"))["sum"]
    back = RequestEvent.objects.filter(kind="reversed").aggregate(sum=Sum("amount_riel"))["sum"]
    assert paid == receipts == ledger == 4 * 2 * EACH * 5_000
    assert sum(each.credited_riel for each in figures) == paid
    assert back == -len(taken_back) * 5_000
    # What came by phone goes back through the bank and out of no drawer.
    assert sum(each.reversed_riel for each in figures) == 20_000
    assert sum(each.khqr_count for each in figures) == 8
    assert sum(each.khqr_cents for each in figures) == 4 * 125
    assert not OpenItem.objects.exists()
    assert sum(each.payments for each in figures) == Receipt.objects.count()
    assert sum(each.receipts[0].count for each in figures) == Receipt.objects.count()
    assert sorted(till.z_number for till in closed) == [1, 2, 3, 4]
    while fold(real):
        pass
    result = verify(real)
    assert result.is_equal, result.differences
    assert result.totals.income_riel == paid + back


def test_a_payment_while_the_till_closes_is_counted_or_refused(real):
    """What was expected at the count is what is in the till for ever after."""
    for number in range(1, 7):
        _count_between_payments(real, number)


def _count_between_payments(province, number):
    by = staff("information_officer", "cashier")
    till = opened(by, number=number)
    charges = [RequestFactory(charged=True).charge.pk for _ in range(3)]

    at_once(
        province,
        *[lambda charge_id=charge_id: pay(by, charge_id=charge_id) for charge_id in charges],
        lambda: count_till(till.pk, pieces(0), by=by),
    )

    till.refresh_from_db()
    assert till.state == TillState.COUNTED
    assert figures_of(till).expected_riel == till.expected_riel
    taken = Payment.objects.filter(cashier_id=by.user_id)
    assert taken.filter(till_session=till).count() == taken.count()


def test_a_payment_that_meets_the_closing_of_its_till_names_the_till(real):
    """Never "registered before": what was not taken says so, and which till was closed."""
    for number in range(1, 5):
        by = staff("information_officer", "cashier")
        till = opened(by, number=number)
        charge_id = RequestFactory(charged=True).charge.pk

        results = at_once(
            real,
            lambda by=by: register_and_pay(IntakeFactory(), Tender(), by=by),
            lambda by=by: register_and_pay(IntakeFactory(), Tender(), by=by),
            lambda by=by, charge_id=charge_id: pay(by, charge_id=charge_id),
            lambda by=by, till=till: count_till(till.pk, pieces(FLOAT_RIEL, FLOAT_CENTS), by=by),
        )

        refused = [each for each in results if isinstance(each, DomainError)]
        assert {each.code for each in refused} <= {"till_closed_meanwhile", "till_being_counted"}
        assert all(f" {number} " in str(each.message) for each in refused)
        till.refresh_from_db()
        assert till.state == (TillState.CLOSED if len(refused) == 3 else TillState.COUNTED)
        assert Payment.objects.filter(till_session=till).count() == 3 - len(refused)


def test_two_people_opening_one_counter_at_once_get_one_till(real):
    people = [staff("cashier") for _ in range(3)]

    results = at_once(real, *[lambda by=by: opened(by) for by in people])

    assert kinds(results) == ["Conflict", "Conflict", "TillSession"]


def test_one_person_opening_two_counters_at_once_gets_one_till(real):
    by = staff("cashier")

    results = at_once(real, *[lambda n=n: opened(by, number=n) for n in (1, 2)])

    assert kinds(results) == ["AlreadyDone", "TillSession"]


def test_one_till_counted_twice_at_once_is_counted_once(real):
    by = staff("cashier")
    till = opened(by)

    results = at_once(real, *[lambda: count_exactly(till, by) for _ in range(3)])

    assert kinds(results) == ["AlreadyDone", "AlreadyDone", "TillSession"]


def test_money_is_not_given_back_out_of_a_till_that_closes(real):
    by, chief = staff("information_officer", "cashier"), staff("chief")
    till = opened(by)
    pay(by)
    asked = request_reversal(Payment.objects.get().pk, by=by, reason="duplicate")

    results = at_once(
        real,
        lambda: approve_reversal(asked.pk, by=chief),
        lambda: count_till(till.pk, pieces(0), by=by),
    )

    till.refresh_from_db()
    is_given = not isinstance(results[0], DomainError)
    assert Reversal.objects.filter(till_session=till).exists() == is_given
    assert figures_of(till).expected_riel == till.expected_riel


def test_no_till_stays_behind_the_clock(real):
    """An earlier day's payment never slips into today's till."""
    by = staff("information_officer", "cashier")
    till = opened(by)
    before = till.opened_at - timedelta(days=1)

    pay(by, charge_id=RequestFactory(charged=True).charge.pk, now=before)

    assert Payment.objects.get().till_session_id is None
