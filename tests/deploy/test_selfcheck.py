"""The self-check itself: what it reads from pages, how it measures, what it calls sound."""

import http.client

import pytest

from deploy.selfcheck.browser import Answer
from deploy.selfcheck.forms import form_to, form_with
from deploy.selfcheck.problems import CheckError
from deploy.selfcheck.report import Probes, Report
from deploy.selfcheck.tally import Tally
from deploy.selfcheck.watching import Freshness, Look, freshness

PAGE = """
<form action="/find"><input name="q"></form>
<form method="post" action="/requests/01-X/pause"><input type="hidden" name="seen" value="7">
<select name="reason"><option value="">-</option><option value="other" selected>x</option></select>
<input type="checkbox" name="papers" value="3">
<input type="checkbox" name="papers" value="4" checked>
<textarea name="note">
well</textarea><button name="go" value="1">Go</button></form>
"""


def page(body: str = PAGE, status: int = 200) -> Answer:
    return Answer("GET", "x/requests/01-X", status, http.client.HTTPMessage(), body.encode(), 0.0)


def test_a_form_sends_what_a_browser_would_send():
    form = form_to(page(), "/pause")
    assert sorted(form.filled(note="ok")) == [
        ("note", "ok"),
        ("papers", "4"),
        ("reason", "other"),
        ("seen", "7"),
    ]
    assert form.options["papers"] == ["3", "4"]


def test_a_page_without_the_form_fails_the_check():
    with pytest.raises(CheckError, match="reject"):
        form_to(page(), "/reject")
    with pytest.raises(CheckError, match="password"):
        form_with(page(), "password")


def test_an_unexpected_status_is_told_with_the_address():
    with pytest.raises(CheckError, match="x/requests/01-X answered 500 instead of 200"):
        page(status=500).must(200)


def test_freshness_is_the_wait_until_the_nth_registration_is_counted():
    looks = [Look(1.0, {"01": 0}), Look(2.0, {"01": 1}), Look(5.0, {"01": 3})]
    found = freshness(looks, {"01": [0.5, 1.5, 4.5, 4.9]})
    assert (found.samples, found.unseen, found.longest) == (3, 1, 3.5)
    assert found.p50 == 1.5


def made_report(**changes) -> Report:
    tally = Tally()
    tally.registered("01-X", at=1.0, paid_riel=5_000)
    row = {
        "requests": 1,
        "events": 2,
        "income_riel": 5_000,
        "facts_requests": 1,
        "facts_income_riel": 5_000,
        "differences": [],
    }
    given = {
        "tallies": {"01": tally},
        "counted": {"01": {**row, **changes.pop("ledger", {})}},
        "freshness": Freshness(1.0, 2.0, 3.0, 1, changes.pop("unseen", 0)),
        "probes": changes.pop("probes", Probes(9, 9)),
        "kills": 2,
        "seconds": 60.0,
        "problems": changes.pop("problems", []),
    }
    return Report(**given)


def test_agreement_everywhere_is_sound():
    report = made_report()
    facts = report.as_json()
    assert report.is_sound
    assert (facts["equal"], facts["lost"], facts["requests"], facts["income_riel"]) == (
        True,
        0,
        1,
        5_000,
    )
    assert facts["isolation"] == {"tried": 9, "refused": 9}


@pytest.mark.parametrize(
    "change",
    [
        {"ledger": {"income_riel": 4_999}},
        {"ledger": {"facts_requests": 2}},
        {"ledger": {"events": 3}},
        {"ledger": {"differences": ["analytics_provinceday"]}},
        {"unseen": 1},
        {"probes": Probes(9, 8, ["p02.requests_applicant was open"])},
        {"probes": Probes()},
        {"problems": ["01: a page answered 500"]},
    ],
)
def test_any_difference_is_not_sound(change):
    report = made_report(**change)
    assert not report.is_sound
    assert report.lines()[-1] == "This installation is NOT sound."


def test_a_request_the_ledger_lacks_is_lost():
    facts = made_report(ledger={"requests": 0}).as_json()
    assert (facts["lost"], facts["equal"]) == (1, False)
