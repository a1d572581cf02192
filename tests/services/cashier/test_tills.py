"""The day of a till: one a cashier and counter, counted blind, differences approved, closed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from owso.audit.models import AuditEntry
from owso.errors import AlreadyDone, Conflict, Invalid, InvalidTransition, NotAllowed, NotFound
from services.cashier.actions import (
    approve_difference,
    count_till,
    explain_difference,
    open_till,
    order_recount,
)
from services.cashier.drawers import Drawer
from services.cashier.models import Payment, TillCount, TillSession, TillState
from services.cashier.taking import REFUSAL, explain_refusal
from services.cashier.tenders import Tender
from services.cashier.tills import figures_of, left_overnight
from services.counter import register_and_pay
from services.offices.actors import system_actor
from tenants import clock
from tests.factories import IntakeFactory, RequestFactory, district_office, staff, unit
from tests.services.cashier.tills import (
    FLOAT_CENTS,
    FLOAT_RIEL,
    count_exactly,
    counter,
    opened,
    pay,
    pay_by_phone,
    pieces,
    rate_of_today,
    with_account,
)

SYSTEM = system_actor("tests")
DAY = timedelta(days=1)


def test_payments_go_into_the_open_till_of_their_cashier(till, cashier):
    pay(cashier)
    register_and_pay(IntakeFactory(), Tender(riel=10_000), by=cashier)

    figures = figures_of(till)
    assert (figures.payments, figures.cash_riel, figures.change_riel) == (2, 10_000, 5_000)
    assert figures.expected_riel == FLOAT_RIEL + 10_000
    assert figures.receipts[0].count == 2


def test_dollars_change_both_currencies_of_the_drawer(till, cashier):
    rate_of_today(4_000)

    pay(cashier, Tender(currency="USD", cents=500))
    pay(cashier, Tender(currency="USD", cents=500, change_cents=300))

    figures = figures_of(till)
    # 5 dollars for 5,000 riel: 15,000 riel back; then 3 dollars and 3,000 riel back.
    assert figures.expected_cents == FLOAT_CENTS + 500 + 200
    assert figures.expected_riel == FLOAT_RIEL - 15_000 - 3_000
    assert (figures.change_cents, figures.change_of_dollars_riel) == (300, 18_000)
    assert figures.credited_riel == 10_000


def test_money_by_phone_is_told_apart_and_not_in_the_drawer(till, cashier):
    with_account()
    rate_of_today(4_100)
    pay_by_phone(cashier)
    pay_by_phone(cashier, currency="USD")

    figures = figures_of(till)
    # 1.22 dollars are the fewest cents that cover 5,000 riel.
    assert (figures.khqr_riel, figures.khqr_cents, figures.khqr_count) == (10_000, 122, 2)
    assert (figures.expected_riel, figures.expected_cents) == (FLOAT_RIEL, FLOAT_CENTS)


def test_riel_beside_dollars_lie_in_the_drawer_and_change_is_in_riel(till, cashier):
    rate_of_today(4_100)

    pay(cashier, Tender(currency="USD", cents=100, riel=1_000))

    payment = Payment.objects.get()
    assert (payment.riel_beside, payment.change_riel, payment.amount_riel) == (1_000, 100, 5_000)
    figures = figures_of(till)
    assert (figures.cash_in_riel, figures.cash_in_cents) == (1_000, 100)
    assert figures.expected_riel == FLOAT_RIEL + 900
    assert figures.expected_cents == FLOAT_CENTS + 100


def test_imported_and_system_payments_are_in_no_till(till):
    RequestFactory()

    assert Payment.objects.get().till_session_id is None


def test_an_office_without_tills_goes_on_as_before(cashier):
    pay(cashier)

    assert Payment.objects.get().till_session_id is None


def test_once_an_office_has_tills_cash_needs_an_open_one(till):
    other = staff("information_officer", "cashier")
    with pytest.raises(Conflict) as refused:
        pay(other)
    assert refused.value.code == "no_open_till"
    with pytest.raises(Conflict):
        register_and_pay(IntakeFactory(), Tender(), by=other)
    assert not Payment.objects.exists()
    with_account()
    assert pay_by_phone(other).payment_id == Payment.objects.get().pk


def test_the_database_itself_refuses_cash_without_a_till(till):
    payment = Payment.objects.get(request=RequestFactory())
    values = {
        field.attname: getattr(payment, field.attname)
        for field in Payment._meta.local_concrete_fields
        if field.attname not in {"id", "idempotency_key", "cashier_id", "paid_at"}
    }
    values |= {"cashier_id": staff("cashier").user_id, "paid_at": clock.now()}

    with pytest.raises(DatabaseError, match="open till"), transaction.atomic():
        Payment.objects.create(**values, idempotency_key="7" * 32)


def test_a_second_till_of_the_same_person_is_refused(till, cashier):
    with pytest.raises(AlreadyDone) as refused:
        opened(cashier, number=2)

    assert refused.value.code == "till_open"


def test_two_cashiers_do_not_share_a_till(till):
    with pytest.raises(Conflict) as refused:
        opened(number=1)

    assert refused.value.code == "counter_in_use"
    assert "សុខ ដារ៉ា" in str(refused.value.message)
    assert opened(number=2).state == TillState.OPEN


def test_the_database_itself_keeps_one_till_a_counter_and_a_cashier(till):
    values = {"opened_on": clock.today(), "opened_at": clock.now(), "float_riel": 0}
    for cashier_id, counter_id in (
        (till.cashier_id, counter(2).pk),
        (staff("cashier").user_id, till.counter_id),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            TillSession.objects.create(
                office_id=till.office_id,
                cashier_id=cashier_id,
                counter_id=counter_id,
                float_cents=0,
                **values,
            )


@pytest.mark.parametrize(("riel", "cents"), [(-1, 0), (0, -1), (10**12, 0)])
def test_a_float_that_cannot_be_is_refused(cashier, riel, cents):
    with pytest.raises(Invalid):
        open_till(district_office(), counter().pk, float_riel=riel, float_cents=cents, by=cashier)


def test_only_a_cashier_of_the_office_opens_a_till_at_one_of_its_counters(cashier, chief):
    with pytest.raises(NotAllowed):
        opened(chief)
    with pytest.raises(NotAllowed):
        opened(SYSTEM)
    with pytest.raises(NotFound):
        open_till(district_office(), counter(1, unit()).pk, float_riel=0, float_cents=0, by=cashier)


def test_an_exact_count_closes_the_till_under_the_next_number(till, cashier):
    pay(cashier)
    other = staff("cashier")
    second = opened(other, number=2)

    closed, later = count_exactly(till, cashier), count_exactly(second, other)

    assert (closed.state, closed.z_number, later.z_number) == (TillState.CLOSED, 1, 2)
    assert closed.takings == (5_000, 0)
    assert AuditEntry.objects.filter(verb="count_till").count() == 2
    count = TillCount.objects.get(session=till)
    assert count.riel == {"200000": 1, "5000": 1}


def test_a_counted_till_takes_no_more_money(till, cashier):
    count_till(till.pk, pieces(0), by=cashier)

    with pytest.raises(Conflict) as refused:
        pay(cashier)
    assert refused.value.code == "till_being_counted"
    with pytest.raises(AlreadyDone):
        count_till(till.pk, pieces(FLOAT_RIEL, FLOAT_CENTS), by=cashier)


def test_a_payment_after_the_till_closed_names_it_and_what_to_do(till, cashier):
    count_exactly(till, cashier)

    for pays in (
        lambda: pay(cashier),
        lambda: register_and_pay(IntakeFactory(), Tender(), by=cashier),
    ):
        with pytest.raises(Conflict) as refused, translation.override("km"):
            pays()
        assert refused.value.code == "till_closed_meanwhile"
        with translation.override("km"):
            assert "បញ្ជរលេខ 1 ត្រូវបានបិទ" in str(refused.value.message)


def test_a_refusal_is_explained_even_when_a_new_till_is_open_by_then(till, cashier):
    def explain(words):
        explain_refusal(Exception(words), district_office(), by=cashier, now=clock.now())

    explain("something else")
    with pytest.raises(Conflict) as refused:
        explain(f"{REFUSAL} CONTEXT")
    assert refused.value.code == "till_closed_meanwhile"


@pytest.mark.parametrize("drawer", [Drawer({7: 1}, {}), Drawer({500: -1}, {}), Drawer({}, {3: 1})])
def test_pieces_that_do_not_exist_are_refused(till, cashier, drawer):
    with pytest.raises(Invalid) as refused:
        count_till(till.pk, drawer, by=cashier)

    assert refused.value.fields


def test_a_difference_needs_a_reason_and_a_second_person(till, cashier, chief):
    count_till(till.pk, pieces(FLOAT_RIEL - 500, FLOAT_CENTS), by=cashier)
    with pytest.raises(InvalidTransition):
        approve_difference(till.pk, by=chief)
    with pytest.raises(Invalid):
        explain_difference(till.pk, "  ", by=cashier)
    explain_difference(till.pk, "ប្រាក់អាប់ខុស", by=cashier)
    with pytest.raises(NotAllowed):
        approve_difference(till.pk, by=cashier)

    closed = approve_difference(till.pk, by=chief)

    assert (closed.state, closed.z_number, closed.difference) == (TillState.CLOSED, 1, (-500, 0))
    with pytest.raises(AlreadyDone):
        approve_difference(till.pk, by=chief)


def test_a_cashier_who_is_also_chief_does_not_approve_their_own_difference(province):
    both = staff("cashier", "chief")
    till = opened(both)
    count_till(till.pk, pieces(0), by=both)
    explain_difference(till.pk, "ខ្វះ", by=both)

    with pytest.raises(NotAllowed) as refused:
        approve_difference(till.pk, by=both)
    assert refused.value.code == "second_person"
    with pytest.raises(DatabaseError), transaction.atomic():
        TillSession.objects.filter(pk=till.pk).update(
            state=TillState.CLOSED,
            z_number=1,
            closed_at=clock.now(),
            approved_by_id=both.user_id,
        )


def test_the_cashier_works_on_while_the_chief_looks_at_the_difference(till, cashier):
    count_till(till.pk, pieces(0), by=cashier)
    with pytest.raises(AlreadyDone):
        opened(cashier, number=2)
    explain_difference(till.pk, "ខ្វះ", by=cashier)

    assert opened(cashier).state == TillState.OPEN


def test_a_recount_keeps_every_count(till, cashier, chief):
    count_till(till.pk, pieces(0), by=cashier)
    explain_difference(till.pk, "ខ្វះ", by=cashier)
    order_recount(till.pk, by=chief)
    with pytest.raises(Conflict):
        pay(cashier)

    closed = count_exactly(till, cashier)

    assert (closed.state, closed.reason, TillCount.objects.count()) == (TillState.CLOSED, "", 2)


def test_no_recount_while_the_cashier_has_another_till(till, cashier, chief):
    count_till(till.pk, pieces(0), by=cashier)
    explain_difference(till.pk, "ខ្វះ", by=cashier)
    opened(cashier)

    with pytest.raises(Conflict):
        order_recount(till.pk, by=chief)


def test_a_till_left_open_overnight_must_be_closed_first(cashier, chief):
    old = opened(cashier, now=clock.now() - DAY)
    assert left_overnight(district_office(), clock.today()) == 1
    with pytest.raises(Conflict) as refused:
        pay(cashier)
    assert refused.value.code == "till_left_open"
    with pytest.raises(Conflict) as refused, translation.override("km"):
        opened(cashier, number=2)
    assert refused.value.code == "till_left_open"
    with translation.override("km"):
        assert "នៅតែបើក។ សូមរាប់ និងបិទវាជាមុនសិន" in str(refused.value.message)

    closed = count_exactly(old, cashier)
    assert (closed.state, closed.z_number) == (TillState.CLOSED, 1)
    assert closed.opened_on == clock.today() - DAY
    today = opened(cashier)
    pay(cashier)
    assert figures_of(today).payments == 1
    assert figures_of(closed).payments == 0
    assert left_overnight(district_office(), clock.today()) == 0


def test_a_chief_counts_a_till_that_was_left_behind_and_another_approves(till, chief):
    count_till(till.pk, pieces(0), by=chief)
    explain_difference(till.pk, "បេឡាករអវត្តមាន", by=chief)
    with pytest.raises(NotAllowed):
        approve_difference(till.pk, by=chief)

    assert approve_difference(till.pk, by=staff("chief")).state == TillState.CLOSED


def test_a_till_of_another_person_or_office_is_not_there(till):
    for stranger in (staff("cashier"), staff("chief", office_id=unit())):
        with pytest.raises(NotFound):
            count_till(till.pk, pieces(0), by=stranger)
    with pytest.raises(NotFound):
        count_till(10**9, pieces(0), by=SYSTEM)


def test_a_closed_till_and_its_counts_never_change(till, cashier):
    count_exactly(till, cashier)
    tills, counts = TillSession.objects.filter(pk=till.pk), TillCount.objects.all()
    for change in (
        lambda: tills.update(state=TillState.OPEN),
        lambda: tills.update(counted_riel=1),
        lambda: tills.update(float_riel=1),
        lambda: tills.delete(),
        lambda: counts.update(counted_riel=1),
        lambda: counts.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
