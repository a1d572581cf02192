"""Registering and reading through the programming interface."""

from uuid import uuid4

import pytest
from django.test import Client

from owso.accounts.models import User
from owso.accounts.permissions import Role
from owso.audit.models import AccessEntry, Reading
from services.cashier.models import Payment
from services.requests.models import ServiceRequest
from tests import factories
from tests.api.conftest import HOST, ROOT, Caller

CLERK = ("information_officer", "cashier")


def test_registering_and_paying_gives_code_receipt_and_first_stage(caller, body):
    answer = caller(*CLERK).post(ROOT, body, key=uuid4())
    made = answer.json()
    assert answer.status_code == 201
    assert made["code"].startswith("01-")
    assert made["fee"] == {"amount_riel": 10_000, "paid_riel": 10_000, "due_riel": 0}
    assert [receipt["amount_riel"] for receipt in made["receipts"]] == [10_000]
    assert made["stage"]["number"] == 1
    assert made["office"] == "0102"


def test_the_same_key_gives_the_same_request_and_takes_nothing_twice(caller, body):
    clerk, key = caller(*CLERK), uuid4()
    first, second = clerk.post(ROOT, body, key=key), clerk.post(ROOT, body, key=key)
    assert first.json()["code"] == second.json()["code"]
    assert Payment.objects.count() == 1


def test_the_same_key_with_another_content_is_a_conflict(caller, body):
    clerk, key = caller(*CLERK), uuid4()
    clerk.post(ROOT, body, key=key)
    answer = clerk.post(ROOT, {**body, "quantity": 3}, key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_mismatch")


def test_a_registration_without_a_key_is_refused_with_a_problem(caller, body):
    answer = caller(*CLERK).post(ROOT, body)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "idempotency_key_missing"
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": -1}, "quantity"),
        ({"quantity": 10**18}, "quantity"),
        ({"quantity": "many"}, "quantity"),
        ({"applicant": {"full_name": ""}}, "full_name"),
        ({"applicant": {}}, "applicant.full_name"),
        ({"applicant": {"full_name": "A\x00B"}}, "applicant.full_name"),
        ({"papers": [99]}, "papers"),
        ({"payment": {"riel": 1}}, "tendered"),
    ],
)
def test_what_cannot_be_accepted_is_named_and_nothing_is_written(caller, body, change, field):
    answer = caller(*CLERK).post(ROOT, {**body, **change}, key=uuid4())
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert not ServiceRequest.objects.exists()


def test_a_service_that_does_not_exist_is_404(caller, body):
    answer = caller(*CLERK).post(ROOT, {**body, "service": "NO-SUCH"}, key=uuid4())
    assert (answer.status_code, answer.json()["code"]) == (404, "service_unknown")


def test_ten_megabytes_are_refused(caller, body):
    clerk = caller(*CLERK)
    answer = clerk.post(ROOT, {**body, "note": "ក" * 4_000_000}, key=uuid4())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_without_signing_in_nothing_answers(province, body):
    assert Caller(None).post(ROOT, body, key=uuid4()).status_code == 403
    assert Caller(None).get(ROOT).status_code == 403


def test_a_session_without_the_csrf_token_cannot_write(province, body):
    user = User.objects.get(pk=factories.staff(*CLERK).user_id)
    answer = Caller(user, checks_csrf=True).post(ROOT, body, key=uuid4())
    assert answer.status_code == 403
    assert not ServiceRequest.objects.exists()


def test_a_specialist_may_not_register(caller, body):
    answer = caller("specialist").post(ROOT, body, key=uuid4())
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_session_of_one_province_is_nothing_at_the_neighbours(caller, filed):
    clerk, address = caller(*CLERK), filed[1]
    session = clerk.client.cookies
    assert clerk.get(address).status_code == 200
    elsewhere = Client(headers={"host": "battambang.localhost"})
    elsewhere.cookies = session
    assert elsewhere.get(address).status_code == 403


def test_a_request_of_another_office_is_the_same_as_none(caller, filed):
    elsewhere = caller(*CLERK, office_id=factories.district_office(1))
    seen, missing = elsewhere.get(filed[1]), elsewhere.get(f"{ROOT}01-K7Q4M-7TD3X-C/")
    assert seen.status_code == missing.status_code == 404
    assert seen.json() == missing.json()


def test_the_queue_pages_by_cursor_and_hides_names(caller, body, monkeypatch):
    monkeypatch.setattr("services.requests.queries.PAGE", 2)
    clerk = caller(*CLERK)
    codes = {clerk.post(ROOT, body, key=uuid4()).json()["code"] for _ in range(3)}
    first = clerk.get(ROOT, office="0102").json()
    rest = clerk.get(ROOT, office="0102", cursor=first["next"] or "").json()
    rows = first["results"] if first["next"] is None else first["results"] + rest["results"]
    assert {row["code"] for row in rows} == codes
    assert all("ដារ៉ា" not in row["applicant"] for row in rows)


def test_a_cursor_we_did_not_give_is_refused(caller):
    answer = caller(*CLERK).get(ROOT, cursor="WzEsMl0:forged")
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


def test_a_method_nobody_declared_is_not_there(caller, filed):
    clerk = caller(*CLERK)
    answer = clerk.client.delete(filed[1], headers={"host": HOST})
    assert answer.status_code == 405


def test_reading_a_request_by_a_program_leaves_a_trace(caller, filed):
    request, path = filed
    assert caller(Role.CHIEF).get(path).status_code == 200
    entry = AccessEntry.objects.get()
    assert (entry.request_id, entry.kind, entry.role) == (request.pk, Reading.API, Role.CHIEF)
