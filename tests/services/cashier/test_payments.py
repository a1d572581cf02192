"""Taking money: once, whole, with a receipt whose number has no gap."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from owso.audit.models import AuditEntry
from owso.errors import AlreadyDone, Conflict, Invalid, InvalidTransition, NotAllowed, NotFound
from services.cashier.actions import charge_request, post_rate, take_payment
from services.cashier.models import Charge, Payment, Receipt, ReceiptSeries
from services.cashier.queries import balance_of, rate_on
from services.cashier.tenders import Tender
from services.counter import register_and_charge, register_and_pay
from services.offices.actors import system_actor
from services.requests.actions import register_request
from services.requests.models import RequestEvent, ServiceRequest
from tests.factories import MONDAY, IntakeFactory, RequestFactory, district_office, staff, unit

SYSTEM = system_actor("tests")
LATER = MONDAY + timedelta(minutes=5)
FEE = 5_000


def pay(request, tender=None, by=SYSTEM, key=None, now=LATER):
    charge = Charge.objects.get(request=request)
    key = key or uuid4()
    return take_payment(charge.pk, tender=tender or Tender(), by=by, idempotency_key=key, now=now)


def registered(**intake):
    return register_and_pay(IntakeFactory(**intake), Tender(), by=SYSTEM, now=MONDAY)


def test_registering_and_paying_writes_everything_at_once(province):
    done = registered()

    payment = Payment.objects.get(request=done.request)
    assert (payment.amount_riel, payment.currency, payment.office_id) == (
        FEE,
        "KHR",
        district_office(),
    )
    assert (done.receipt.year, done.receipt.number) == (2025, 1)
    events = RequestEvent.objects.filter(request=done.request).order_by("id")
    assert [(event.kind, event.amount_riel) for event in events] == [
        ("registered", 0),
        ("paid", FEE),
    ]
    assert AuditEntry.objects.get(object_id=str(done.request.pk)).verb == "register_and_pay"


def test_the_same_form_twice_gives_the_same_receipt(province):
    intake = IntakeFactory()
    first = register_and_pay(intake, Tender(), by=SYSTEM, now=MONDAY)

    second = register_and_pay(intake, Tender(), by=SYSTEM, now=MONDAY)

    assert second.is_repeat
    assert (second.request.pk, second.receipt.pk) == (first.request.pk, first.receipt.pk)
    assert Payment.objects.count() == Receipt.objects.count() == 1


def test_the_same_form_with_another_tender_is_a_conflict(province):
    intake = IntakeFactory()
    register_and_pay(intake, Tender(), by=SYSTEM, now=MONDAY)

    with pytest.raises(Conflict) as refused:
        register_and_pay(intake, Tender(method="khqr"), by=SYSTEM, now=MONDAY)

    assert refused.value.code == "idempotency_mismatch"


def test_a_tender_too_small_leaves_nothing_behind(province):
    with pytest.raises(Invalid):
        register_and_pay(IntakeFactory(), Tender(riel=4_999), by=SYSTEM, now=MONDAY)

    assert not ServiceRequest.objects.exists()
    assert not ReceiptSeries.objects.exists()


def test_change_is_given_back(province):
    done = register_and_pay(IntakeFactory(), Tender(riel=10_000), by=SYSTEM, now=MONDAY)

    assert done.change_riel == 5_000


def test_only_who_may_take_money_takes_it(province):
    officer = staff("information_officer")
    both = staff("information_officer", "cashier")

    with pytest.raises(NotAllowed):
        register_and_pay(IntakeFactory(), Tender(), by=officer, now=MONDAY)
    assert register_and_pay(IntakeFactory(), Tender(), by=both, now=MONDAY).receipt
    assert Payment.objects.get().cashier_id == both.user_id


def test_a_free_service_is_charged_nothing_and_has_no_receipt(province):
    done = registered(service="AGR-P-001")

    assert (done.charge.amount_riel, done.receipt) == (0, None)
    assert not Payment.objects.exists()


def test_a_fee_per_unit_is_multiplied(province):
    done = registered(service="LEG-D-001", quantity=7, fee_values={"price": "maximum"})

    assert done.charge.amount_riel == done.charge.unit_riel * 7
    assert done.receipt.payment.amount_riel == done.charge.amount_riel


def test_less_than_a_maximum_fee_may_be_asked_but_not_more(province):
    intake = IntakeFactory(service="ADM-P-001", office_id=unit())

    with pytest.raises(Invalid):
        register_and_pay(intake, Tender(), by=SYSTEM, now=MONDAY, charged_riel=20_001)
    done = register_and_pay(intake, Tender(), by=SYSTEM, now=MONDAY, charged_riel=15_000)

    assert done.receipt.payment.amount_riel == 15_000


def test_an_exact_fee_cannot_be_lowered(province):
    with pytest.raises(Invalid):
        register_and_pay(IntakeFactory(), Tender(), by=SYSTEM, now=MONDAY, charged_riel=4_000)


def test_no_fee_is_taken_while_papers_are_missing(province):
    with pytest.raises(Invalid) as refused:
        register_and_pay(IntakeFactory(is_complete=False), Tender(), by=SYSTEM, now=MONDAY)

    assert refused.value.code == "papers_missing"


def test_the_fee_can_be_paid_later_at_another_desk(province):
    charged = register_and_charge(IntakeFactory(), by=staff("information_officer"), now=MONDAY)
    cashier = staff("cashier")

    receipt = pay(charged.request, by=cashier)

    assert balance_of(charged.request.pk).due_riel == 0
    assert receipt.payment.cashier_id == cashier.user_id
    assert ServiceRequest.objects.get(pk=charged.request.pk).version == 2


def test_charging_twice_gives_the_same_charge(province):
    request = register_request(IntakeFactory(), by=SYSTEM, now=MONDAY)

    first = charge_request(request.pk, by=SYSTEM, now=LATER)
    second = charge_request(request.pk, by=SYSTEM, now=LATER)

    assert first.pk == second.pk
    assert first.amount_riel == FEE


def test_a_paid_fee_cannot_be_paid_again(province):
    request = RequestFactory()

    with pytest.raises(AlreadyDone):
        pay(request)


def test_the_same_payment_twice_gives_the_same_receipt(province):
    request, key = RequestFactory(charged=True), uuid4()

    first, second = pay(request, key=key), pay(request, key=key)

    assert first.pk == second.pk
    assert Payment.objects.count() == 1


def test_a_key_of_another_charge_is_a_conflict(province):
    key = uuid4()
    pay(RequestFactory(charged=True), key=key)

    with pytest.raises(Conflict):
        pay(RequestFactory(charged=True), key=key)


def test_nothing_is_taken_for_a_request_that_has_ended(province):
    from services.requests.actions import withdraw_request

    request = RequestFactory(charged=True)
    withdraw_request(request.pk, by=SYSTEM, now=LATER)

    with pytest.raises(InvalidTransition):
        pay(request)


def test_a_charge_at_another_office_is_not_found(province):
    request = RequestFactory(charged=True)

    with pytest.raises(NotFound):
        pay(request, by=staff("cashier", office_id=unit()))


def test_receipts_are_numbered_by_office_and_year(province):
    numbers = [registered().receipt.number for _ in range(3)]
    elsewhere = registered(office_id=unit())
    last_year = register_and_pay(
        IntakeFactory(), Tender(), by=SYSTEM, now=MONDAY.replace(year=2024)
    )

    assert numbers == [1, 2, 3]
    assert (elsewhere.receipt.number, last_year.receipt.number) == (1, 1)
    assert last_year.receipt.year == 2024


def test_the_year_of_a_receipt_is_the_year_in_cambodia(province):
    new_year_in_cambodia = MONDAY.replace(year=2025, month=1, day=1, hour=0, minute=30)

    done = register_and_pay(IntakeFactory(), Tender(), by=SYSTEM, now=new_year_in_cambodia)

    assert done.receipt.year == 2025


def test_a_failed_payment_gives_its_number_back(province):
    registered()
    with transaction.atomic():
        lost = registered()
        transaction.set_rollback(True)

    assert lost.receipt.number == 2

    assert registered().receipt.number == 2


def test_dollars_are_taken_at_the_rate_of_the_day(province):
    chief = staff("chief")
    post_rate(MONDAY.date(), 4_100, by=chief, office_id=district_office())
    post_rate(MONDAY.date() - timedelta(days=7), 4_000, by=chief, office_id=district_office())

    done = register_and_pay(
        IntakeFactory(), Tender(currency="USD", cents=200), by=SYSTEM, now=MONDAY
    )

    payment = done.receipt.payment
    assert (payment.amount_riel, payment.tendered_cents) == (FEE, 200)
    assert payment.rate.riel_per_dollar == 4_100
    assert done.change_riel == 8_200 - FEE
    assert rate_on(MONDAY.date() - timedelta(days=1)).riel_per_dollar == 4_000
    assert rate_on(MONDAY.date() - timedelta(days=8)) is None


def test_a_posted_rate_is_not_changed(province):
    chief = staff("chief")
    post_rate(MONDAY.date(), 4_100, by=chief, office_id=district_office())

    with pytest.raises(Conflict):
        post_rate(MONDAY.date(), 4_101, by=chief, office_id=district_office())
    with pytest.raises(Invalid):
        post_rate(MONDAY.date(), 41, by=chief, office_id=district_office())
    with pytest.raises(NotAllowed):
        post_rate(MONDAY.date(), 4_100, by=staff("cashier"), office_id=district_office())


@pytest.mark.parametrize(
    "change",
    [
        {"unit_riel": 4_999, "amount_riel": 4_999},
        {"amount_riel": 4_999},
        {"ceiling": "maximum"},
        {"quantity": 2},
        {"fee_tier_id": 10**9},
        {"service_version_id": 10**9},
    ],
)
def test_the_database_refuses_a_charge_outside_the_catalogue(province, change):
    request = register_request(IntakeFactory(), by=SYSTEM, now=MONDAY)
    charge = Charge.objects.get(pk=RequestFactory().charge.pk)
    values = {
        "service_version_id": charge.service_version_id,
        "fee_tier_id": charge.fee_tier_id,
        "unit_riel": charge.unit_riel,
        "ceiling": charge.ceiling,
        "quantity": charge.quantity,
        "amount_riel": charge.amount_riel,
        "created_at": MONDAY,
    }

    with pytest.raises(DatabaseError), transaction.atomic():
        Charge.objects.create(request=request, **{**values, **change})
    assert Charge.objects.create(request=request, **values).pk


@pytest.mark.parametrize(
    "table",
    ["requests_requestevent", "cashier_charge", "cashier_payment", "cashier_receipt"],
)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_what_was_written_about_money_stays_written(province, table, statement):
    registered()

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
