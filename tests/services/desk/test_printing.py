"""The log of prints: the first is the original, every later one a copy, by whom and when."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from owso.errors import InvalidTransition, NotAllowed, NotFound
from services.cashier.actions import charge_request, take_payment
from services.cashier.tenders import Tender
from services.desk.actions import print_sheets
from services.desk.models import ORIGINAL_FOR, Paper, Printing, Sheet
from services.desk.queries import printings_of_job
from services.offices.actors import system_actor
from tenants import clock
from tests.conftest import entered
from tests.factories import RequestFactory, district_office, staff


@pytest.fixture
def officer(province):
    return staff(Role.INFORMATION_OFFICER)


def printed(request, by, **kwargs):
    job = print_sheets(request.pk, by=by, **kwargs)
    return {row.sheet: row for row in printings_of_job(by, request, job)}


def test_the_first_print_is_the_original_and_the_next_a_copy(officer):
    request, now = RequestFactory(), clock.now()
    first, second = printed(request, officer), printed(request, officer)
    assert set(first) == {Sheet.APPLICATION, Sheet.PAYMENT}
    assert not any(row.is_copy(now) for row in first.values())
    assert all(row.is_copy(now) for row in second.values())
    assert {row.number for row in second.values()} == {2}


def test_a_paper_printed_for_the_first_time_later_is_no_copy(officer):
    request = RequestFactory(charged=True)
    assert set(printed(request, officer)) == {Sheet.APPLICATION}
    charge = charge_request(request.pk, by=system_actor("tests"))
    take_payment(
        charge.pk,
        tender=Tender(),
        by=system_actor("tests"),
        idempotency_key=request.idempotency_key,
    )
    later = printed(request, officer)
    assert (later[Sheet.APPLICATION].number, later[Sheet.PAYMENT].number) == (2, 1)


def test_the_original_can_be_fetched_again_only_while_the_line_may_have_broken(officer):
    row = printed(RequestFactory(), officer)[Sheet.APPLICATION]
    assert not row.is_copy(row.printed_at + ORIGINAL_FOR)
    assert row.is_copy(row.printed_at + ORIGINAL_FOR + timedelta(seconds=1))


def test_who_when_which_is_on_record(officer):
    request = RequestFactory()
    row = printed(request, officer, paper=Paper.THERMAL)[Sheet.PAYMENT]
    assert (row.printed_by_id, row.paper, row.request_id) == (officer.user_id, "80mm", request.pk)
    assert row.receipt_id is not None
    entry = AuditEntry.objects.get(verb="print")
    assert entry.changes == {"sheets": [["application", 1], ["payment", 1]], "paper": "80mm"}


def test_the_cover_waits_for_the_outcome(officer):
    with pytest.raises(InvalidTransition) as refused:
        print_sheets(RequestFactory().pk, by=officer, sheets={Sheet.COVER})
    assert refused.value.code == "outcome_not_ready"
    assert set(printed(RequestFactory(ready=True), officer, sheets={Sheet.COVER})) == {Sheet.COVER}


def test_a_receipt_that_does_not_exist_cannot_be_printed(officer):
    with pytest.raises(InvalidTransition) as refused:
        print_sheets(RequestFactory(charged=True).pk, by=officer, sheets={Sheet.PAYMENT})
    assert refused.value.code == "nothing_to_print"


def test_a_role_that_prints_nothing_is_refused(province):
    with pytest.raises(NotAllowed):
        print_sheets(RequestFactory().pk, by=staff(Role.SIGNATORY))
    with pytest.raises(NotAllowed):
        print_sheets(
            RequestFactory().pk,
            by=staff(Role.INFORMATION_OFFICER, office_id=district_office(1)),
        )


def test_a_print_of_somebody_else_is_not_found(officer):
    request = RequestFactory()
    job = print_sheets(request.pk, by=officer)
    with pytest.raises(NotFound):
        printings_of_job(staff(Role.INFORMATION_OFFICER), request, job)
    with pytest.raises(NotFound):
        printings_of_job(officer, RequestFactory(), job)


def test_the_database_numbers_a_print_once(officer):
    row = printed(RequestFactory(), officer)[Sheet.APPLICATION]
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_two_desks_that_print_at_once_make_one_original(committed):
    with entered("01"):
        officer, request = staff(Role.INFORMATION_OFFICER), RequestFactory()
    gate = threading.Barrier(4)

    def press() -> None:
        try:
            with entered("01"):
                gate.wait(10)
                print_sheets(request.pk, by=officer)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with entered("01"):
        numbers = Printing.objects.filter(sheet=Sheet.PAYMENT).values_list("number", flat=True)
        assert sorted(numbers) == [1, 2, 3, 4]
