"""More of a request: the digits open it for a while, wrong ones end in a wait, nothing is kept."""

import re

import pytest
from django.core import signing

from owso.accounts.permissions import Role
from services.casework.actions import sign_outcome
from services.citizens import guessing
from services.requests.codes import format_code, new_code
from services.web.own import passes
from tests.factories import (
    ApplicantDetailsFactory,
    IntakeFactory,
    RequestFactory,
    advanced_to,
    staff,
)
from tests.services.web.conftest import Browser, text_of

NAME = "សុខ ដារ៉ា"


def more_of(code: str) -> str:
    return f"/t/{format_code(code)}/more"


def request_of(**details):
    applicant = ApplicantDetailsFactory(full_name=NAME, **details)
    return RequestFactory(intake=IntakeFactory(applicant=applicant))


def try_digits(citizen, code, digits):
    return citizen.post(more_of(code), {"digits": digits})


@pytest.mark.parametrize("typed", ["5678", " ៥៦៧៨ ", "012 345 678", "+855 12 345\u200b678"])
def test_right_digits_open_the_file_for_a_while(citizen, typed):
    code = request_of().tracking_code
    assert "Last four digits" in text_of(citizen.get(more_of(code)))
    answer = try_digits(citizen, code, typed)
    assert (answer.status_code, answer["Location"]) == (303, more_of(code))
    page = citizen.get(more_of(code))
    text = text_of(page)
    assert "សុ… ដា…" in text
    assert NAME not in text
    assert "0102-2025-000001" in text
    assert "5,000 ៛" in text
    assert "Nobody has opened it yet" in text
    for each in (answer, page):
        assert "no-store" in each["Cache-Control"]
    cookie = answer.cookies[passes.COOKIE]
    assert (cookie["path"], cookie["max-age"], cookie["samesite"]) == ("/t/", 900, "Strict")
    assert cookie["httponly"]
    assert "5678" not in cookie.value


def test_it_tells_who_looked_and_what_was_issued(citizen, sign_in):
    request = advanced_to(request_of().pk, "sign")
    signed = sign_outcome(request.pk, by=staff("signatory"))
    sign_in(staff(Role.CHIEF)).get(f"/requests/{format_code(request.tracking_code)}")
    try_digits(citizen, request.tracking_code, "5678")
    text = text_of(citizen.get(more_of(request.tracking_code)))
    looked = text[text.index("Who looked at my file") :]
    assert "Opened the file" in looked
    assert "Office chief · OWSO Srok Mongkol Borey" in looked
    assert f'href="/g/{signed.token}"' in text


def test_wrong_digits_an_unknown_code_and_no_phone_read_alike(citizen):
    known, phoneless, unknown = request_of(), request_of(phone=""), new_code("02")
    answers = []
    for code, digits in (
        (known.tracking_code, "0000"),
        (phoneless.tracking_code, "5678"),
        (unknown, "5678"),
    ):
        answer = try_digits(citizen, code, digits)
        answers.append((answer.status_code, text_of(answer).replace(format_code(code), "CODE")))
        assert passes.COOKIE not in answer.cookies
    assert len(set(answers)) == 1
    assert answers[0][0] == 404
    assert "do not belong together" in answers[0][1]
    assert "Whoever gave no number" in answers[0][1]


@pytest.mark.parametrize("typed", ["", "567", "56789", "five", "9" * 400, "<b>"])
def test_what_cannot_be_digits_is_said_and_not_counted(citizen, typed):
    code = request_of().tracking_code
    for _ in range(7):
        answer = try_digits(citizen, code, typed)
    assert "<b>" not in text_of(answer).split("<h1>")[1].split("</form>")[0]
    assert answer.status_code == 422
    assert try_digits(citizen, code, "5678").status_code == 303


def test_after_five_wrong_tries_one_waits_and_is_told_how_long(citizen):
    code = request_of().tracking_code
    statuses = [try_digits(citizen, code, f"{digits:04}").status_code for digits in range(6)]
    assert statuses == [404] * 5 + [429]
    citizen.client.cookies["owso_language"] = "km"
    answer = try_digits(citizen, code, "5678")
    assert answer.status_code == 429
    wait = re.search(r"អាចសាកម្តងទៀតបានក្នុងរយៈពេល (\d+) នាទី", text_of(answer))
    assert 1 <= int(wait[1]) <= 15
    assert int(answer["Retry-After"]) == 60 * int(wait[1])


def test_from_other_addresses_the_code_itself_is_shut_after_ten_tries_a_day(citizen, province):
    code = request_of().tracking_code
    statuses = []
    for place in range(4):
        browser = Browser("localhost", province)
        browser.client.defaults["REMOTE_ADDR"] = f"192.0.2.{place}"
        statuses += [try_digits(browser, code, "0000").status_code for _ in range(4)]
    assert statuses == [404] * 10 + [429] * 6
    answer = try_digits(citizen, code, "5678")
    assert answer.status_code == 429
    assert re.search(r"possible in (1 day|\d+ hours)", text_of(answer))


def test_one_address_that_tries_many_codes_is_shut_too(citizen, monkeypatch):
    monkeypatch.setattr(guessing, "ADDRESS", guessing.parse("3 per 60 minutes"))
    statuses = [try_digits(citizen, new_code("01"), "5678").status_code for _ in range(4)]
    assert statuses == [404] * 3 + [429]


def test_a_phone_shared_by_two_opens_to_each_code_its_own_file(citizen):
    one, other = request_of(), request_of()
    try_digits(citizen, one.tracking_code, "5678")
    assert "0102-2025-000001" in text_of(citizen.get(more_of(one.tracking_code)))
    page = text_of(citizen.get(more_of(other.tracking_code)))
    assert "Last four digits" in page
    assert "0102-2025-000002" not in page


def test_a_pass_is_worth_nothing_when_old_forged_or_for_another_code(citizen):
    one, other = request_of(), request_of()
    try_digits(citizen, one.tracking_code, "5678")
    held = citizen.client.cookies[passes.COOKIE].value
    forged = signing.dumps([one.tracking_code, "00" * 32], salt=passes._SALT)
    swapped = signing.dumps([other.tracking_code, "00" * 32], key="another", salt=passes._SALT)
    old = "x" + held
    for value in (forged, swapped, old, "", "x:y:z"):
        citizen.client.cookies[passes.COOKIE] = value
        assert "Last four digits" in text_of(citizen.get(more_of(one.tracking_code)))


def test_closing_ends_the_pass(citizen):
    code = request_of().tracking_code
    try_digits(citizen, code, "5678")
    answer = citizen.post(more_of(code), {"close": "1"})
    assert answer["Location"] == f"/t/{format_code(code)}"
    assert "Last four digits" in text_of(citizen.get(more_of(code)))


@pytest.mark.parametrize("typed", ["nonsense", "99-99999", "x" * 300, "%00"])
def test_what_is_no_code_leads_to_the_first_page(citizen, typed):
    assert citizen.get(f"/t/{typed}/more")["Location"] == "/"
    assert citizen.post(f"/t/{typed}/more", {"digits": "5678"})["Location"] == "/"
