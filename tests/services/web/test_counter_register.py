"""Registering at the counter: one form, clear refusals, nothing half-written, nothing doubled."""

import uuid

import pytest

from owso.accounts.permissions import Role
from services.cashier.models import Payment, Receipt
from services.cashier.queries import balance_of
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.requests.states import State
from tests.factories import SERVICE, staff
from tests.services.web.conftest import text_of

FILLED = {"service": SERVICE, "full_name": "សុខ ចាន់ណា", "phone": "០១២ ៣៤៥ ៦៧៨", "is_complete": "on"}


@pytest.fixture
def desk(sign_in):
    """A small office: one person receives and takes the money."""
    return sign_in(staff(Role.INFORMATION_OFFICER, Role.CASHIER))


def filled(**changes):
    return {**FILLED, "key": str(uuid.uuid4()), "way": "cash", **changes}


def test_the_counter_asks_to_sign_in(sign_in, citizen):
    stranger = sign_in(staff(Role.CASHIER))
    stranger.client.logout()
    response = stranger.get("/requests/new")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/sign-in/")


def test_the_list_offers_the_services_of_the_level(desk):
    page = text_of(desk.get("/requests/new"))
    assert f'value="{SERVICE}"' in page
    assert "<optgroup" in page


def test_the_form_of_a_service_shows_its_papers_and_its_fee(desk):
    page = text_of(desk.get("/requests/new", {"service": SERVICE}))
    assert "5,000 ៛" in page
    assert 'name="papers"' in page
    assert "Ready by" in page


def test_registering_takes_the_fee_and_goes_to_the_request(desk):
    response = desk.post("/requests/new", filled(tendered="10,000"))
    assert response.status_code == 302
    request = ServiceRequest.objects.get()
    assert request.state == State.REGISTERED
    assert balance_of(request.pk).due_riel == 0
    page = text_of(desk.get(response["Location"]))
    assert "Change to give: 5,000 ៛" in page
    assert format_code(request.tracking_code) in page


def test_the_same_form_sent_twice_makes_one_request(desk):
    form = filled()
    first, second = desk.post("/requests/new", form), desk.post("/requests/new", form)
    assert first["Location"] == second["Location"]
    assert ServiceRequest.objects.count() == 1
    assert Receipt.objects.count() == 1


def test_another_content_under_the_same_key_is_refused(desk):
    form = filled()
    desk.post("/requests/new", form)
    response = desk.post("/requests/new", {**form, "full_name": "កែវ មុន្នី"})
    assert response.status_code == 409
    assert ServiceRequest.objects.count() == 1


def test_calculating_writes_nothing_and_shows_the_change(desk):
    response = desk.post("/requests/new", filled(step="quote", tendered="២០ ០០០"))
    assert response.status_code == 200
    assert "15,000 ៛" in text_of(response)
    assert not ServiceRequest.objects.exists()


def test_while_one_types_only_the_slip_is_sent(desk):
    form = filled(step="quote", full_name="")
    page = text_of(desk.post("/requests/new", form, **{"HX-Request": "true"}))
    assert "5,000 ៛" in page
    assert "<form" not in page


def test_incomplete_papers_still_give_a_code(desk):
    form = filled()
    del form["is_complete"]
    response = desk.post("/requests/new", form)
    assert response.status_code == 302
    assert ServiceRequest.objects.get().state == State.INCOMPLETE
    assert not Payment.objects.exists()


def test_the_fee_can_be_paid_later(desk):
    desk.post("/requests/new", filled(way="later"))
    assert balance_of(ServiceRequest.objects.get().pk).due_riel == 5_000


def test_without_the_till_the_fee_waits_for_the_cashier(sign_in):
    officer = sign_in(staff(Role.INFORMATION_OFFICER))
    assert 'value="cash"' not in text_of(officer.get("/requests/new", {"service": SERVICE}))
    officer.post("/requests/new", filled(way="later"))
    assert balance_of(ServiceRequest.objects.get().pk).due_riel == 5_000


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"full_name": ""}, "Full name of the applicant"),
        ({"full_name": "\u200b \u200b"}, "Enter a name."),
        ({"full_name": "x" * 201}, "200"),
        ({"full_name": "a\x00b"}, "Full name of the applicant"),
        ({"phone": "1275"}, "Phone"),
        ({"tendered": "100"}, "does not cover the fee"),
        ({"tendered": "-5"}, "Write an amount"),
        ({"tendered": "1e400"}, "Write an amount"),
        ({"tendered": "9" * 29}, "Write an amount"),
        ({"tendered": "NaN"}, "Write an amount"),
        ({"way": "barter"}, "Payment"),
        ({"dollars": "5"}, "No dollar rate is posted"),
        ({"key": "not-a-key"}, "Start a new form."),
        ({"papers": "999999"}, "Papers"),
        ({"id_kind": "national_id", "id_number": "12"}, "Number of the paper"),
    ],
)
def test_what_cannot_be_accepted_is_said_beside_its_field(desk, wrong, words):
    response = desk.post("/requests/new", filled(**wrong))
    assert response.status_code == 422
    page = text_of(response)
    assert "There is a problem" in page
    assert words in page
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize("service", ["NO-SUCH", "\x00", "x" * 5000])
def test_an_unknown_service_is_a_clear_answer(desk, service):
    response = desk.get("/requests/new", {"service": service})
    assert response.status_code in {404, 422}
    assert "Choose one from the list" in text_of(response)


def test_ten_megabytes_are_refused_whole(desk):
    response = desk.post("/requests/new", filled(full_name="ក" * 10_000_000))
    assert response.status_code == 413
    assert "Nothing was saved" in text_of(response)
    assert not ServiceRequest.objects.exists()


def test_refusals_speak_khmer(sign_in):
    desk = sign_in(staff(Role.INFORMATION_OFFICER, Role.CASHIER), language="km")
    page = text_of(desk.post("/requests/new", filled(tendered="100")))
    assert "មានបញ្ហាត្រូវកែ" in page
