"""The front desk beside single requests: copies by the pile, posters, tickets."""

import uuid

import pytest

from owso.accounts.permissions import Role
from services.cashier.models import Payment, Receipt
from services.desk.models import Ticket
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from tests.factories import (
    district_office,
    staff,
)
from tests.services.web.at_the_desk import (
    HTMX,
    _nothing_usual,
    clerk,
    desk,
)
from tests.services.web.conftest import text_of

__all__ = ["_nothing_usual", "clerk", "desk"]

COPIES = "LEG-D-002"


# Copies by the pile


def pile(**changes):
    return {
        "price": f"{COPIES}.",
        "quantity": "២៥",
        "full_name": "សុខ ចាន់ណា",
        "key": str(uuid.uuid4()),
        "way": "cash",
        **changes,
    }


@pytest.fixture
def price(desk):
    page = text_of(desk.get("/requests/copies"))
    start = page.index(f'value="{COPIES}.')
    return page[start + 7 :].partition('"')[0]


def test_a_pile_is_one_request_one_payment_one_receipt(desk, price):
    answer = desk.post("/requests/copies", pile(price=price, tendered="30000"))
    code = format_code(ServiceRequest.objects.get().tracking_code)
    assert answer["Location"] == f"/requests/copies?done={code}"
    assert ServiceRequest.objects.get().quantity == 25
    assert Payment.objects.get().amount_riel == 25_000
    page = text_of(desk.get(answer["Location"]))
    assert code in page
    assert "5,000 ៛" in page
    assert f'data-print-now="{code}"' in page
    assert f'value="{price}" id="' in page
    assert "checked" in page.partition(f'value="{price}"')[2][:60]


def test_a_concessional_price_is_one_choice(desk):
    page = text_of(desk.get("/requests/copies"))
    assert "Concessional fee" in page
    start = page.rindex('value="LEG-D-001.')
    concessional = page[start + 7 :].partition('"')[0]
    desk.post("/requests/copies", pile(price=concessional, quantity="10"))
    assert Payment.objects.get().amount_riel == 5_000


def test_the_sum_of_a_pile_is_shown_while_one_types(desk, price):
    form = pile(price=price, step="quote", tendered="30 000")
    page = text_of(desk.post("/requests/copies", form, **HTMX))
    assert "25,000 ៛" in page
    assert "5,000 ៛" in page
    assert "<form" not in page
    assert not ServiceRequest.objects.exists()


def test_a_pile_sent_twice_is_one(desk, price):
    form = pile(price=price)
    assert (
        desk.post("/requests/copies", form)["Location"]
        == (desk.post("/requests/copies", form)["Location"])
    )
    assert Receipt.objects.count() == 1
    assert desk.post("/requests/copies", {**form, "quantity": "26"}).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"quantity": "0"}, "at least 1"),
        ({"quantity": "1001"}, "at most 1000"),
        ({"quantity": "x"}, "not a whole number"),
        ({"full_name": ""}, "Enter a name."),
        ({"price": "LEG-X"}, "What is legalised"),
        ({"tendered": "1"}, "does not cover the fee"),
        ({"way": "later"}, "Payment"),
    ],
)
def test_what_is_wrong_with_a_pile_is_said(desk, price, wrong, words):
    answer = desk.post("/requests/copies", pile(price=price) | wrong)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not ServiceRequest.objects.exists()


def test_an_office_without_the_till_takes_no_pile(sign_in, price):
    officer = sign_in(staff(Role.INFORMATION_OFFICER))
    answer = officer.post("/requests/copies", pile(price=price))
    assert answer.status_code == 403
    assert not ServiceRequest.objects.exists()


# Posters and tickets


def test_the_poster_is_offered_by_sector_and_comes_as_pdf(desk):
    page = text_of(desk.get("/posters"))
    assert "All sectors" in page
    assert "the poster marks" in page
    answer = desk.get("/posters/fees.pdf", {"sector": "LEG", "paper": "a3"})
    assert answer.status_code in {200, 404}
    sector = page.partition('<option value="')[2].partition('<option value="')[2].partition('"')[0]
    answer = desk.get("/posters/fees.pdf", {"sector": sector, "paper": "a3"})
    assert answer.content.startswith(b"%PDF")
    assert desk.get("/posters/fees.pdf", {"paper": "x"}).status_code == 200


def test_a_sector_the_office_does_not_serve_is_not_found(desk):
    assert desk.get("/posters/fees.pdf", {"sector": "\x00"}).status_code == 404


def test_a_number_is_given_printed_and_called(desk):
    assert "Number 1 was given." in text_of(desk.post("/tickets", **HTMX))
    assert desk.get("/tickets/1.svg")["Content-Type"] == "image/svg+xml"
    assert desk.get("/tickets/1.pdf", {"paper": "a5"}).content.startswith(b"%PDF")
    assert desk.get("/tickets/2.pdf").status_code == 404
    desk.post("/tickets/next")
    assert "Number 1 is called." in text_of(desk.get("/"))
    desk.post("/tickets/next")
    assert "Nobody is waiting with a number." in text_of(desk.get("/"))
    assert desk.post("/tickets")["Location"] == "/tickets/2.pdf"
    assert Ticket.objects.filter(office_id=district_office()).count() == 2
