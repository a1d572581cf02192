"""Two clerks at once, on real connections: one transition, gapless receipts, nothing doubled."""

import threading
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from owso.errors import AlreadyDone, DomainError
from services.cashier.actions import approve_reversal, request_reversal, take_payment
from services.cashier.models import Charge, Payment, Receipt
from services.cashier.tenders import Tender
from services.counter import register_and_pay
from services.offices.actors import system_actor
from services.requests.actions import advance_request
from services.requests.models import RequestEvent, ServiceRequest, StageVisit
from tenants.context import in_province, province_by_code
from tests.databases import owner_connection
from tests.factories import MONDAY, IntakeFactory, RequestFactory, staff

SYSTEM = system_actor("tests")
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def real(committed):
    """Stand in a province whose rows are really committed."""
    with in_province(province_by_code("01")) as province:
        yield province


def at_once(province, *works):
    """Run each piece of work on a connection of its own, all let go together."""
    start = threading.Barrier(len(works))
    results: list = [None] * len(works)

    def run(place, work):
        try:
            with in_province(province):
                start.wait(30)
                results[place] = work()
        except DomainError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def kinds(results):
    return sorted(type(each).__name__ for each in results)


def test_two_clerks_advancing_at_once_give_one_transition(real):
    request = RequestFactory()
    seen = request.current_visit_id

    results = at_once(
        real,
        *[
            lambda: advance_request(request.pk, by=SYSTEM, seen_visit_id=seen, now=LATER)
            for _ in range(2)
        ],
    )

    assert kinds(results) == ["AlreadyDone", "ServiceRequest"]
    assert StageVisit.objects.filter(request=request).count() == 2
    assert RequestEvent.objects.filter(request=request, kind="advanced").count() == 1


def test_forty_payments_at_once_have_gapless_receipts(real):
    charges = [RequestFactory(charged=True).charge.pk for _ in range(40)]

    def pay_five(part):
        for charge_id in charges[part::8]:
            take_payment(charge_id, tender=Tender(), by=SYSTEM, idempotency_key=uuid4(), now=LATER)

    at_once(real, *[lambda part=part: pay_five(part) for part in range(8)])

    numbers = Receipt.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 41))


def test_registering_at_once_has_gapless_receipts_though_some_fail(real):
    def register(tender):
        return lambda: [
            register_and_pay(IntakeFactory(), tender, by=SYSTEM, now=MONDAY) for _ in range(4)
        ]

    results = at_once(real, *[register(Tender()) for _ in range(5)], register(Tender(riel=1)))

    assert kinds(results) == ["Invalid", *["list"] * 5]
    numbers = Receipt.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 21))


def test_one_form_sent_by_four_at_once_makes_one_request(real):
    intake = IntakeFactory()

    results = at_once(
        real,
        *[lambda: register_and_pay(intake, Tender(), by=SYSTEM, now=MONDAY) for _ in range(4)],
    )

    assert len({done.request.pk for done in results}) == 1
    assert len({done.receipt.pk for done in results}) == 1
    assert sorted(done.is_repeat for done in results) == [False, True, True, True]
    assert ServiceRequest.objects.count() == Payment.objects.count() == 1


def test_one_fee_paid_at_two_desks_at_once_is_taken_once(real):
    charge = RequestFactory(charged=True).charge

    results = at_once(
        real,
        *[
            lambda: take_payment(
                charge.pk, tender=Tender(), by=SYSTEM, idempotency_key=uuid4(), now=LATER
            )
            for _ in range(2)
        ],
    )

    assert kinds(results) == ["AlreadyDone", "Receipt"]
    assert Payment.objects.count() == 1


def test_one_payment_form_sent_twice_at_once_gives_one_receipt(real):
    charge, key = RequestFactory(charged=True).charge, uuid4()

    results = at_once(
        real,
        *[
            lambda: take_payment(
                charge.pk, tender=Tender(), by=SYSTEM, idempotency_key=key, now=LATER
            )
            for _ in range(3)
        ],
    )

    assert len({receipt.pk for receipt in results}) == 1


def test_two_chiefs_approving_at_once_reverse_once(real):
    payment = Payment.objects.get(request=RequestFactory())
    asked = request_reversal(payment.pk, by=SYSTEM, reason="duplicate", now=LATER)
    chiefs = [staff("chief"), staff("chief")]

    results = at_once(
        real,
        *[lambda chief=chief: approve_reversal(asked.pk, by=chief, now=LATER) for chief in chiefs],
    )

    assert kinds(results) == ["AlreadyDone", "Reversal"]
    assert isinstance(next(each for each in results if isinstance(each, AlreadyDone)), DomainError)
    assert RequestEvent.objects.filter(kind="reversed").count() == 1


def test_not_even_the_owner_rewrites_the_ledger(real):
    payment = Payment.objects.get(request=RequestFactory())
    asked = request_reversal(payment.pk, by=SYSTEM, reason="duplicate", now=LATER)
    approve_reversal(asked.pk, by=staff("chief"), now=LATER)
    tables = (
        "requests_requestevent",
        *(f"cashier_{t}" for t in ("charge", "payment", "receipt", "reversal")),
    )

    with owner_connection() as db:
        db.execute("SET search_path = p01, public")
        db.execute("SELECT set_config('pgtrigger.ignore', '{append_only}', false)")
        for table in tables:
            for statement in ("DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {} CASCADE"):
                with pytest.raises(psycopg.Error, match="append-only"):
                    db.execute(statement.format(table))
    assert Charge.objects.count() == 1
