"""Anybody checks a printed document by its code; the page says what the paper says and no name."""

import pytest

from services.casework.actions import sign_outcome
from services.casework.tokens import format_token, new_token
from services.requests.actions import reject_request
from services.requests.codes import format_code
from tests.factories import RequestFactory, advanced_to, staff
from tests.services.web.conftest import queries_of, text_of


@pytest.fixture
def signed(province):
    """A signed document, and its request."""
    request = advanced_to(RequestFactory().pk, "sign")
    return sign_outcome(request.pk, by=staff("signatory")), request


def test_a_genuine_document_says_what_is_printed_and_nothing_personal(citizen, signed):
    document, request = signed
    page = citizen.get(f"/g/{format_token(document.token)}")
    assert page.status_code == 200
    text = text_of(page)
    for words in (f"0102/{document.year}/000001", "This document is genuine", "Rental rooms"):
        assert words in text
    assert request.applicant.full_name not in text
    assert format_code(request.tracking_code) not in text
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    "typed",
    ["nonsense", "%00", "x" * 300, new_token("01"), new_token("02"), new_token("99")],
    ids=["nonsense", "zero byte", "long", "unknown", "neighbour", "no province"],
)
def test_every_code_that_leads_nowhere_gets_the_same_answer(citizen, signed, typed):
    answer = citizen.get(f"/g/{typed}")
    assert answer.status_code == 404
    assert text_of(answer) == text_of(citizen.get("/g/other"))


def test_a_document_of_the_neighbour_is_not_found_under_this_province(citizen, signed):
    token = signed[0].token
    assert citizen.get(f"/g/02{token[2:]}").status_code == 404


def test_a_document_whose_request_was_rejected_is_said_to_be_invalid(citizen, signed):
    document, request = signed
    reject_request(request.pk, by=staff("chief"), reason="ក្លែងឯកសារ")
    assert "no longer valid" in text_of(citizen.get(f"/g/{document.token}"))


def test_a_typed_code_leads_to_its_page(citizen, signed):
    assert "type the code" in text_of(citizen.get("/g/"))
    token = format_token(signed[0].token)
    found = citizen.get("/g/", {"code": token.lower().replace("-", " ")})
    assert found["Location"] == f"/g/{token}"
    assert citizen.get("/g/", {"code": "wrong"}).status_code == 404


def test_whoever_guesses_on_is_no_longer_answered(citizen, signed):
    answers = [citizen.get(f"/g/{new_token('01')}").status_code for _ in range(40)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert citizen.get(f"/g/{signed[0].token}").status_code == 429


def test_a_check_asks_the_database_once(citizen, signed):
    path = f"/g/{signed[0].token}"
    citizen.get(path)
    assert len(queries_of(lambda: citizen.get(path))) == 1
