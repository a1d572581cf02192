"""Taking a payment back: asked by one, approved by another, never erased."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from owso.errors import AlreadyDone, Conflict, Invalid, NotAllowed, NotFound
from services.cashier.actions import approve_reversal, refuse_reversal, request_reversal
from services.cashier.actions.reversals import ask_refund
from services.cashier.models import Payment, Receipt, Reversal, ReversalRequest
from services.cashier.queries import balance_of
from services.cashier.tenders import Tender
from services.catalogue.queries import terms as terms_of
from services.counter import register_and_pay
from services.offices.actors import system_actor
from services.requests.actions import advance_request
from services.requests.models import RequestEvent, ServiceRequest
from tests.factories import MONDAY, IntakeFactory, staff, unit

SYSTEM = system_actor("tests")
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def cashier(province):
    """Who took the money."""
    return staff("information_officer", "cashier", "chief")


@pytest.fixture
def payment(cashier):
    """A payment of 5,000 riel."""
    done = register_and_pay(IntakeFactory(), Tender(), by=cashier, now=MONDAY)
    return Payment.objects.get(request=done.request)


def ask(payment, by, **options):
    options = {"reason": "wrong_amount", "now": LATER, **options}
    return request_reversal(payment.pk, by=by, **options)


def test_a_second_person_approves(payment, cashier):
    asked = ask(payment, cashier, note="ច្រឡំ")
    chief = staff("chief")

    reversal = approve_reversal(asked.pk, by=chief, now=LATER)

    assert (reversal.amount_riel, reversal.approved_by_id) == (5_000, chief.user_id)
    asked.refresh_from_db()
    assert (asked.decision, asked.decided_by_id) == ("approved", chief.user_id)
    event = RequestEvent.objects.get(kind="reversed")
    assert (event.amount_riel, event.office_id) == (-5_000, payment.office_id)
    assert balance_of(payment.request_id).due_riel == 5_000
    assert Receipt.objects.filter(payment=payment).exists()


def test_a_reversed_fee_must_be_paid_again(payment, cashier):
    approve_reversal(ask(payment, cashier).pk, by=staff("chief"), now=LATER)
    request = ServiceRequest.objects.get(pk=payment.request_id)

    with pytest.raises(Conflict):
        advance_request(request.pk, by=SYSTEM, seen_visit_id=request.current_visit_id, now=LATER)


def test_who_asked_cannot_approve(payment):
    chief = staff("chief", "cashier")
    asked = ask(payment, chief)

    with pytest.raises(NotAllowed) as refused:
        approve_reversal(asked.pk, by=chief, now=LATER)

    assert refused.value.code == "second_person"
    assert not Reversal.objects.exists()


def test_who_took_the_money_cannot_approve(payment, cashier):
    asked = ask(payment, staff("cashier"))

    with pytest.raises(NotAllowed):
        approve_reversal(asked.pk, by=cashier, now=LATER)


def test_the_system_is_no_second_person(payment, cashier):
    with pytest.raises(NotAllowed):
        approve_reversal(ask(payment, cashier).pk, by=SYSTEM, now=LATER)


def test_a_cashier_cannot_approve_at_all(payment, cashier):
    with pytest.raises(NotAllowed):
        approve_reversal(ask(payment, cashier).pk, by=staff("cashier"), now=LATER)


def test_a_chief_of_another_office_does_not_see_it(payment, cashier):
    asked = ask(payment, cashier)

    with pytest.raises(NotFound):
        approve_reversal(asked.pk, by=staff("chief", office_id=unit()), now=LATER)


def test_the_database_itself_refuses_the_cashier_and_the_asker(payment, cashier):
    other = staff("chief").user_id
    for asker, approver in ((other, cashier.user_id), (other, other)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Reversal.objects.create(
                payment=payment,
                amount_riel=5_000,
                reason="other",
                requested_by_id=asker,
                approved_by_id=approver,
                requested_at=LATER,
            )


def test_a_reversal_is_asked_for_and_decided_once(payment, cashier):
    asked = ask(payment, cashier)
    with pytest.raises(AlreadyDone):
        ask(payment, cashier)
    chief = staff("chief")
    approve_reversal(asked.pk, by=chief, now=LATER)

    with pytest.raises(AlreadyDone):
        approve_reversal(asked.pk, by=chief, now=LATER)
    with pytest.raises(AlreadyDone):
        ask(payment, cashier)


def test_a_refused_reversal_changes_nothing_and_can_be_asked_again(payment, cashier):
    refuse_reversal(ask(payment, cashier).pk, by=staff("chief"), now=LATER)

    assert balance_of(payment.request_id).due_riel == 0
    assert ask(payment, cashier).decision == ReversalRequest.Decision.OPEN


@pytest.mark.parametrize("amount", [0, -1, 5_001])
def test_no_more_than_the_payment_can_be_taken_back(payment, cashier, amount):
    with pytest.raises(Invalid):
        ask(payment, cashier, amount_riel=amount)


def test_a_part_can_be_taken_back(payment, cashier):
    reversal = approve_reversal(
        ask(payment, cashier, amount_riel=2_000).pk, by=staff("chief"), now=LATER
    )

    assert reversal.amount_riel == 2_000
    assert balance_of(payment.request_id).due_riel == 2_000


def test_an_unknown_reason_is_refused(payment, cashier):
    with pytest.raises(Invalid) as refused:
        ask(payment, cashier, reason="whim")

    assert "reason" in refused.value.fields


def test_a_rejection_asks_for_the_refund_where_the_rule_is_full(payment, cashier):
    request = ServiceRequest.objects.get(pk=payment.request_id)
    terms = replace(terms_of(request.service_version_id), refund_rule="full")

    ask_refund(request, terms, by=cashier, now=LATER)

    asked = ReversalRequest.objects.get(payment=payment)
    assert (asked.reason, asked.amount_riel, asked.decision) == ("rejected", 5_000, "open")


@pytest.mark.parametrize("rule", ["keep", "part"])
def test_other_rules_ask_for_nothing(payment, cashier, rule):
    request = ServiceRequest.objects.get(pk=payment.request_id)
    terms = replace(terms_of(request.service_version_id), refund_rule=rule)

    ask_refund(request, terms, by=cashier, now=LATER)

    assert not ReversalRequest.objects.exists()
