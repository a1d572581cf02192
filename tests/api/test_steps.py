"""Every step and the money of a request through the programming interface."""

from uuid import uuid4

from services.requests.models import RequestEvent
from tests import factories

EVERYBODY = ("information_officer", "agent", "chief", "signatory", "specialist")


def advance(caller, address, number):
    return caller.post(f"{address}advance/", {"stage_number": number})


def test_a_request_goes_through_all_stages_and_is_handed_over(caller, filed):
    staff, address = caller(*EVERYBODY), filed[1]
    seen = staff.get(address).json()
    while seen["stage"]:
        step = "sign" if seen["stage"]["code"] == "sign" else "advance"
        number = seen["stage"]["number"]
        seen = staff.post(f"{address}{step}/", {"stage_number": number}).json()
    assert seen["state"] == "ready"
    done = staff.post(f"{address}deliver/", {"collector_name": "សុខ ដារ៉ា"}).json()
    assert done["state"] == "delivered"


def test_a_document_is_signed_and_not_only_moved_on(caller, filed):
    staff, (made, address) = caller(*EVERYBODY), filed
    request = factories.advanced_to(made.pk, "sign")
    number = request.current_visit.sequence
    unsigned = advance(staff, address, number)
    assert (unsigned.status_code, unsigned.json()["code"]) == (409, "signature_missing")
    signed = staff.post(f"{address}sign/", {"stage_number": number})
    assert signed.json()["stage"]["code"] == "seal"
    again = staff.post(f"{address}sign/", {"stage_number": number})
    assert (again.status_code, again.json()["code"]) == (409, "already_done")


def test_advancing_twice_from_the_same_stage_is_already_done(caller, filed):
    staff, address = caller(*EVERYBODY), filed[1]
    assert advance(staff, address, 1).status_code == 200
    again = advance(staff, address, 1)
    assert (again.status_code, again.json()["code"]) == (409, "already_done")


def test_a_stage_number_that_never_was_moves_nothing(caller, filed):
    again = advance(caller(*EVERYBODY), filed[1], 77)
    assert (again.status_code, again.json()["code"]) == (409, "already_done")


def test_pausing_and_resuming_stops_and_starts_the_clock(caller, filed):
    staff, address = caller(*EVERYBODY), filed[1]
    pause = {"stage_number": 1, "reason": "papers_missing"}
    assert staff.post(f"{address}pause/", pause).json()["state"] == "waiting"
    assert staff.post(f"{address}resume/").json()["state"] == "registered"


def test_a_forwarded_request_answers_with_its_new_office(caller, filed):
    to = {"stage_number": 1, "office": "0103"}
    answer = caller(*EVERYBODY).post(f"{filed[1]}forward/", to)
    assert answer.json()["office"] == "0103"


def test_a_rejection_needs_a_reason(caller, filed):
    staff, address = caller(*EVERYBODY), filed[1]
    empty = staff.post(f"{address}reject/", {"stage_number": 1, "reason": " "})
    assert (empty.status_code, list(empty.json()["fields"])) == (422, ["reason"])
    said = staff.post(f"{address}reject/", {"stage_number": 1, "reason": "ឯកសារមិនត្រឹមត្រូវ"})
    assert said.json()["state"] == "rejected"


def test_a_withdrawn_request_is_finished(caller, filed):
    answer = caller(*EVERYBODY).post(f"{filed[1]}withdraw/", {"stage_number": 1})
    assert answer.json()["state"] == "withdrawn"


def test_a_fee_left_open_is_paid_later_and_once(caller, body):
    clerk, cashier = caller("information_officer"), caller("cashier")
    unpaid = clerk.post("/api/v1/requests/", {**body, "payment": None}, key=uuid4()).json()
    address, key = f"/api/v1/requests/{unpaid['code']}/", uuid4()
    assert unpaid["fee"]["due_riel"] == 10_000
    for _ in range(2):
        paid = cashier.post(f"{address}payment/", {"payment": {}}, key=key).json()
        assert paid["fee"]["due_riel"] == 0
    assert RequestEvent.objects.filter(kind="paid").count() == 1


def test_a_reversal_is_asked_for_by_one_and_approved_by_another(caller, filed):
    address = filed[1]
    both = caller("cashier", "chief", office_id=factories.district_office())
    receipt = both.get(address).json()["receipts"][0]["number"]
    reversal = f"{address}receipts/{receipt}/reversal/"
    assert both.post(reversal, {"reason": "wrong_amount"}).status_code == 200
    assert both.post(reversal, {"reason": "wrong_amount"}).json()["code"] == "already_asked"
    assert both.post(f"{reversal}approval/").json()["code"] == "second_person"
    approved = caller("chief").post(f"{reversal}approval/").json()
    assert approved["receipts"][0]["is_reversed"] is True
    assert approved["fee"]["paid_riel"] == 0


def test_a_receipt_of_another_request_cannot_be_reversed_here(caller, filed):
    answer = caller("cashier").post(
        f"{filed[1]}receipts/0102-2020-000009/reversal/", {"reason": "wrong_amount"}
    )
    assert answer.status_code == 404
