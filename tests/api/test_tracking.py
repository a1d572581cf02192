"""Following a code through the programming interface."""

import pytest
from limits import parse

from services.requests.codes import format_code, new_code
from services.web.portal import lookups
from tests.api.conftest import Caller

TRACK = "/api/v1/track/"


@pytest.fixture(autouse=True)
def _unlimited():
    lookups.forget()
    yield
    lookups.forget()


@pytest.fixture
def citizen(province):
    return Caller(None, host="localhost")


def test_a_code_tells_stages_and_nobody_s_name(citizen, filed):
    request, _address = filed
    answer = citizen.get(f"{TRACK}{format_code(request.tracking_code)}/")
    assert answer.status_code == 200
    assert answer.json()["state"] == "registered"
    assert answer.json()["paid_riel"] == 5_000
    assert [stage["left_at"] for stage in answer.json()["stages"]] == [None]
    assert "ដារ៉ា" not in answer.content.decode()


def test_wrong_and_unknown_codes_get_the_same_answer(citizen):
    unknown = format_code(new_code("01"))
    answers = [
        citizen.get(f"{TRACK}{typed}/") for typed in (unknown, "01-AAAAA-AAAAA-A", "x", "99")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_guessing_on_is_answered_no_more(citizen, filed, monkeypatch):
    monkeypatch.setattr(lookups, "MISSES", parse("2 per minute"))
    for _ in range(3):
        last = citizen.get(f"{TRACK}{format_code(new_code('01'))}/")
    right = citizen.get(f"{TRACK}{format_code(filed[0].tracking_code)}/")
    assert (last.status_code, right.status_code) == (429, 429)
    assert int(right["Retry-After"]) > 0
