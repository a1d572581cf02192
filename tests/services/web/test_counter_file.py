"""The file of a request: each step once, clear conflicts, money with a second person, the slip."""

import pytest

from owso.accounts.permissions import Role
from services.cashier.models import Payment, Reversal, ReversalRequest
from services.catalogue.queries import published_version
from services.requests.codes import format_code, new_code
from services.requests.models import ServiceRequest
from services.requests.states import State
from tenants import clock
from tests.factories import SERVICE, RequestFactory, district_office, staff
from tests.services.web.conftest import text_of

ALL_ROLES = [role for role in Role if not role.startswith("ministry")]


def path_of(request, step=""):
    return f"/requests/{format_code(request.tracking_code)}{step}"


@pytest.fixture
def desk(sign_in):
    """Somebody who holds every role at a small office."""
    sector_id = published_version(SERVICE, on=clock.today()).sector_id
    return sign_in(staff(*ALL_ROLES, sector_id=sector_id))


def again(request):
    return ServiceRequest.objects.get(pk=request.pk)


def test_the_file_shows_clocks_stages_money_and_what_can_be_done(desk):
    page = text_of(desk.get(path_of(RequestFactory())))
    for words in ["Promised", "Legal limit", "Stages", "Money", "What can be done now", "Receipt"]:
        assert words in page


@pytest.mark.parametrize(
    "trait",
    [
        "incomplete",
        "charged",
        "in_progress",
        "waiting",
        "ready",
        "delivered",
        "rejected",
        "overdue",
    ],
)
def test_every_state_has_its_page(desk, trait):
    assert desk.get(path_of(RequestFactory(**{trait: True}))).status_code == 200


def test_finishing_a_stage_moves_the_request(desk):
    request = RequestFactory()
    response = desk.post(path_of(request, "/advance"), {"seen": request.current_visit_id})
    assert response.status_code == 302
    assert again(request).state == State.IN_PROGRESS


def test_the_second_of_two_clerks_learns_who_was_faster(desk):
    request = RequestFactory()
    seen = request.current_visit_id
    desk.post(path_of(request, "/advance"), {"seen": seen})
    moved_to = again(request).current_visit_id
    response = desk.post(path_of(request, "/advance"), {"seen": seen})
    assert response.status_code == 409
    assert "Somebody has already moved this request on" in text_of(response)
    assert "សុខ ដារ៉ា moved it on" in text_of(response)
    assert again(request).current_visit_id == moved_to


def test_a_stage_before_the_fee_is_paid_is_neither_offered_nor_taken(desk):
    request = RequestFactory(charged=True)
    page = text_of(desk.get(path_of(request)))
    assert path_of(request, "/advance") not in page
    assert "The stage ends when the fee is paid" in page
    response = desk.post(path_of(request, "/advance"), {"seen": request.current_visit_id})
    assert response.status_code == 409
    assert "fee has not been paid" in text_of(response)


def test_waiting_and_going_on(desk):
    request = RequestFactory(in_progress=True)
    form = {"seen": request.current_visit_id, "reason": "papers_missing", "note": "សៀវភៅ"}
    assert desk.post(path_of(request, "/pause"), form).status_code == 302
    assert again(request).state == State.WAITING
    assert desk.post(path_of(request, "/resume")).status_code == 302
    assert again(request).state == State.IN_PROGRESS


def test_a_pause_without_a_reason_says_so_beside_the_field(desk):
    request = RequestFactory(in_progress=True)
    response = desk.post(path_of(request, "/pause"), {"seen": request.current_visit_id})
    assert response.status_code == 422
    page = text_of(response)
    assert 'href="#pause-reason"' in page
    assert 'id="pause-reason-error"' in page


def test_a_forwarded_file_stays_in_sight_to_be_read(sign_in):
    desk = sign_in(staff(Role.CHIEF, Role.INFORMATION_OFFICER))
    request = RequestFactory(in_progress=True)
    form = {"seen": request.current_visit_id, "office": district_office(1)}
    response = desk.post(path_of(request, "/forward"), form)
    assert response.status_code == 302
    assert again(request).office_id == district_office(1)
    page = text_of(desk.get(response["Location"]))
    assert "You can read it; that office goes on with it." in page
    assert f'action="{path_of(request)}/' not in page
    refused = desk.post(path_of(request, "/advance"), {"seen": again(request).current_visit_id})
    assert refused.status_code == 409
    assert "This file lies at another office now" in text_of(refused)


def test_rejecting_needs_a_reason(desk):
    request = RequestFactory(in_progress=True)
    form = {"seen": request.current_visit_id, "reason": ""}
    assert desk.post(path_of(request, "/reject"), form).status_code == 422
    form["reason"] = "ឯកសារមិនត្រឹមត្រូវ"
    assert desk.post(path_of(request, "/reject"), form).status_code == 302
    assert again(request).state == State.REJECTED


def test_withdrawing(desk):
    request = RequestFactory()
    form = {"seen": request.current_visit_id, "reason": ""}
    assert desk.post(path_of(request, "/withdraw"), form).status_code == 302
    assert again(request).state == State.WITHDRAWN


def test_handing_over(desk):
    request = RequestFactory(ready=True)
    form = {"collector_name": "សុខ ចាន់ណា", "is_applicant": "on"}
    assert desk.post(path_of(request, "/deliver"), form).status_code == 302
    assert again(request).state == State.DELIVERED


def test_completing_papers_then_paying(desk):
    request = RequestFactory(incomplete=True)
    assert desk.post(path_of(request, "/complete")).status_code == 302
    form = {"key": "7d444840-9dc0-11d1-b245-5ffdce74fad2", "way": "cash"}
    assert desk.post(path_of(request, "/pay"), form).status_code == 302
    assert Payment.objects.get().amount_riel == 5_000
    assert desk.post(path_of(request, "/pay"), form).status_code == 302
    assert Payment.objects.count() == 1


def test_a_payment_goes_back_only_by_a_second_person(desk, sign_in):
    request = RequestFactory()
    payment = Payment.objects.get()
    form = {"payment": payment.pk, "reason": "duplicate"}
    assert desk.post(path_of(request, "/reversal"), form).status_code == 302
    asked = ReversalRequest.objects.get()
    own = desk.post(path_of(request, f"/reversal/{asked.pk}"), {"decision": "approve"})
    assert own.status_code == 403
    chief = sign_in(staff(Role.CHIEF))
    chief.post(path_of(request, f"/reversal/{asked.pk}"), {"decision": "approve"})
    assert Reversal.objects.get().amount_riel == 5_000


def test_a_reversal_of_another_request_is_not_found_here(desk):
    first, second = RequestFactory(), RequestFactory()
    payment = Payment.objects.get(request=first)
    form = {"payment": payment.pk, "reason": "duplicate"}
    assert desk.post(path_of(second, "/reversal"), form).status_code == 404
    assert not ReversalRequest.objects.exists()


@pytest.mark.parametrize(
    "code",
    ["nonsense", "0", "%00", new_code("01"), new_code("02")],
    ids=["nonsense", "short", "nul", "nobody's", "the neighbour's"],
)
def test_a_code_that_leads_nowhere_is_not_found(desk, code):
    assert desk.get(f"/requests/{code}").status_code == 404


def test_a_file_of_another_office_is_not_found(sign_in):
    request = RequestFactory()
    stranger = sign_in(staff(Role.CHIEF, office_id=district_office(1)))
    assert stranger.get(path_of(request)).status_code == 404
    step = stranger.post(path_of(request, "/advance"), {"seen": request.current_visit_id})
    assert step.status_code == 404


def test_the_slip_is_a_pdf(desk):
    response = desk.get(path_of(RequestFactory(), "/slip.pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_finding_by_code_phone_and_name(desk):
    request = RequestFactory(in_progress=True)
    found = desk.get("/find", {"q": request.tracking_code.lower()})
    assert found["Location"] == path_of(request)
    assert desk.get("/find", {"q": "012 345 678"}).status_code == 200
    assert desk.get("/find", {"q": "nobody"}).status_code == 404


def test_the_first_page_and_the_rate(desk):
    RequestFactory()
    assert "Registered last" in text_of(desk.get("/"))
    assert desk.post("/rate", {"riel_per_dollar": "៤,១០០"}).status_code == 302
    assert "4,100 ៛" in text_of(desk.get("/"))
    assert desk.post("/rate", {"riel_per_dollar": "5"}).status_code == 422
    assert desk.post("/rate", {"riel_per_dollar": "x"}).status_code == 422


def test_an_office_of_somebody_else_cannot_be_chosen(desk):
    assert desk.post("/office", {"office": district_office(1)}).status_code == 403
    assert desk.post("/office", {"office": district_office()}).status_code == 302
    assert desk.post("/office", {"office": "x"}).status_code == 403
