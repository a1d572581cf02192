"""Anybody checks a printed document by its code; the page says what the paper says and no name."""

import pytest

from owso.accounts.permissions import Role
from services.casework.actions import sign_outcome
from services.casework.tokens import format_token, new_token
from services.cashier.actions import approve_reversal, request_reversal
from services.cashier.models import Receipt
from services.citizens.receipts import mark_of, printed_proof
from services.desk.actions import print_sheets
from services.desk.models import Sheet
from services.desk.queries import printings_of_job
from services.requests.actions import reject_request
from services.requests.codes import format_code
from services.web.private import reading
from services.web.slips.texts import slip_of
from tenants import clock
from tenants.context import province_by_code
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


@pytest.fixture
def received(province):
    """A request that was paid, and what stands under the picture of its receipt."""
    request, receipt = RequestFactory(), Receipt.objects.get()
    return request, receipt, printed_proof("0102", receipt.year, receipt.number)


def test_the_picture_on_a_receipt_leads_to_what_the_receipt_says_and_no_name(citizen, received):
    request, _receipt, proof = received
    clerk = staff(Role.INFORMATION_OFFICER)
    job = print_sheets(request.pk, by=clerk, sheets=[Sheet.PAYMENT])
    with reading(clerk):
        slip = slip_of(request, printings_of_job(clerk, request, job), now=clock.now())
    address = slip.pages[0][0].url
    assert address.endswith(f"/g/{proof}")
    page = citizen.get(address[address.index("/g/") :])
    text = text_of(page)
    for words in ("This receipt is genuine", "0102-2025-000001", "5,000 ៛", "Cash", "Rental rooms"):
        assert words in text
    assert f'href="/t/{format_code(request.tracking_code)}"' in text
    assert request.applicant.full_name not in text
    assert "no-store" in page["Cache-Control"]
    assert len(queries_of(lambda: citizen.get(f"/g/{proof}"))) == 1


def test_a_forged_altered_or_foreign_receipt_is_not_ours(citizen, received):
    _request, _receipt, proof = received
    nonsense = text_of(citizen.get("/g/nonsense"))
    altered = proof[:-1] + ("A" if proof[-1] != "A" else "B")
    for typed in (
        altered,
        proof.replace("000001", "000002"),
        f"0202{proof[4:]}",
        f"9902-2025-000001-{mark_of('9902', 2025, 1)}",
        printed_proof("0102", 2025, 2),
        f"{proof}-A",
    ):
        answer = citizen.get(f"/g/{typed}")
        assert (answer.status_code, text_of(answer)) == (404, nonsense), typed
    assert "not issued by a one window service" in nonsense


def test_a_receipt_taken_back_says_so(citizen, received):
    _request, receipt, proof = received
    asked = request_reversal(receipt.payment_id, by=staff(Role.CASHIER), reason="duplicate")
    approve_reversal(asked.pk, by=staff(Role.CHIEF))
    text = text_of(citizen.get(f"/g/{proof}"))
    assert "This receipt is no longer valid" in text
    assert "taken back" in text


def test_a_typed_receipt_leads_to_its_page(citizen, received):
    proof = received[2]
    typed = proof.replace("-", " ").lower()
    assert citizen.get("/g/", {"code": typed})["Location"] == f"/g/{proof}"
    assert citizen.get("/g/", {"code": "0102-2025-000001-AAAAAAAAAA"}).status_code == 404


def test_a_receipt_of_the_practice_province_says_that_nothing_is_real(
    citizen, received, province, monkeypatch
):
    # The directory of the process is what the page asks; it is read anew after each test.
    monkeypatch.setattr(province_by_code(province.code), "is_practice", True)
    assert "Practice: nothing here is real" in text_of(citizen.get(f"/g/{received[2]}"))
