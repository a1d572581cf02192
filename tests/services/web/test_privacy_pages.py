"""The pages of data protection: staff's, and what a citizen reads and fetches."""

import io
import re
import zipfile

import pytest

from owso.audit.models import AccessEntry
from services.privacy.actions import dispose, place_hold
from services.privacy.models import Correction, DataCopy, LegalHold, Objection
from services.requests.codes import format_code
from services.web.slips.texts import slip_of
from tenants import clock
from tests.factories import RequestFactory, district_office, staff
from tests.services.privacy.conftest import LATIN, NAME, PAPER, SYSTEM, full_file, someone
from tests.services.web.conftest import text_of


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def request_of(province):
    return someone()


@pytest.fixture
def administrator(sign_in):
    return sign_in(staff("administrator"))


def page_of(request, step=""):
    return f"/requests/{format_code(request.tracking_code)}/data{step}"


def test_a_name_is_corrected_on_the_page_and_the_next_slip_says_so(sign_in, request_of):
    browser = sign_in(staff("information_officer"))
    typed = {"field": "full_name", "value": "ចាន់ ធីតា", "reason": "typed wrong"}
    refused = browser.post(page_of(request_of, "/correct"), typed)
    assert refused.status_code == 422
    assert 'aria-describedby="correct-evidence-error"' in text_of(refused)
    done = browser.post(page_of(request_of, "/correct"), typed | {"evidence": "identity card"})
    assert done.status_code == 302
    page = text_of(browser.get(page_of(request_of)))
    assert "Print the slip again" in page
    assert "ចាន់ ធីតា" in page
    assert NAME not in page  # the value of before is masked
    assert AccessEntry.objects.filter(request_id=request_of.pk).exists()
    address = f"/requests/{format_code(request_of.tracking_code)}/slip.pdf"
    assert browser.get(address).status_code == 200
    request_of.refresh_from_db()
    from services.desk.models import Printing
    from services.web import private

    with private.reading(SYSTEM):
        sheet = Printing.objects.filter(sheet="application")
        slip = slip_of(request_of, sheet, now=clock.now())
    assert "no longer hold" in slip.pages[0][1].notes[0]
    assert Correction.objects.count() == 1


def test_an_objection_is_written_down_decided_and_told(sign_in, chief, request_of):
    clerk = sign_in(staff("information_officer"))
    clerk.post(page_of(request_of, "/object"), {"against": "messages", "grounds": "<b>no</b>"})
    page = text_of(chief.get(page_of(request_of)))
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert "Waits for a decision" in page
    place = f"/objections/{Objection.objects.get().pk}"
    assert chief.post(page_of(request_of, place), {"is_upheld": "yes"}).status_code == 422
    decided = {"is_upheld": "yes", "decision_reason": "right"}
    assert chief.post(page_of(RequestFactory(), place), decided).status_code == 404
    assert chief.post(page_of(request_of, place), decided).status_code == 302
    assert "Upheld: it stops" in text_of(chief.get(page_of(request_of)))
    assert chief.post(page_of(request_of, place), decided).status_code == 409


def test_a_copy_goes_from_the_counter_to_the_phone_once(chief, citizen, request_of):
    paper = {"id_kind": "national_id", "id_number": PAPER, "way": "code"}
    wrong = chief.post(page_of(request_of, "/copy"), paper | {"id_number": "123123123"})
    assert wrong.status_code == 422
    assert "nothing may be handed out" in text_of(wrong)
    page = text_of(chief.post(page_of(request_of, "/copy"), paper))
    code = re.search(r"01(-[0-9A-Z]{4}){4}-[0-9A-Z]", page)[0]
    assert code not in text_of(chief.get(page_of(request_of)))

    assert citizen.get("/privacy/copy").status_code == 200
    given = citizen.post("/privacy/copy", {"code": f" {code.lower()} "})
    assert given["Content-Type"] == "application/zip"
    assert given["Cache-Control"] == "private, no-store"
    names = zipfile.ZipFile(io.BytesIO(given.content)).namelist()
    assert names == ["data.json", "data.pdf"]
    DataCopy.objects.update(fetched_at=clock.now() - clock.now().resolution * 10**9)
    for typed in (code, "", "nonsense", "99" + code[2:], "x" * 500):
        again = citizen.post("/privacy/copy", {"code": typed})
        assert again.status_code == 404, typed
        assert "There is no copy for this code" in text_of(again)


def test_guessing_codes_of_copies_is_stopped(citizen):
    codes = [citizen.post("/privacy/copy", {"code": "0" * 19}).status_code for _ in range(31)]
    assert (codes[29], codes[30]) == (404, 429)


def test_a_copy_can_be_handed_over_on_paper(chief, request_of):
    paper = {"id_kind": "national_id", "id_number": PAPER, "way": "paper"}
    response = chief.post(page_of(request_of, "/copy"), paper)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")


def test_an_administrator_sees_rules_holds_and_reports(administrator):
    request = full_file()
    typed = {"on": "person", "reason": "a court asks", "until": ""}
    assert administrator.post(page_of(request, "/hold"), {"on": "person"}).status_code == 422
    assert administrator.post(page_of(request, "/hold"), typed).status_code == 302
    assert "a court asks" in text_of(administrator.get(page_of(request)))
    assert administrator.post("/manage/retention/count").status_code == 302
    page = text_of(administrator.get("/manage/retention"))
    for words in ("a court asks", "Counted only", "10 years", "Law on Accounting", "End the hold"):
        assert words in page
    hold = LegalHold.objects.get()
    assert administrator.post(f"/manage/retention/holds/{hold.pk}/lifted").status_code == 302
    assert administrator.post(f"/manage/retention/holds/{hold.pk}/lifted").status_code == 409
    assert administrator.post("/manage/retention/holds/0/lifted").status_code == 404
    dispose(by=SYSTEM)
    page = text_of(administrator.get("/manage/retention"))
    assert "Finished" in page
    assert LATIN not in page


def test_every_page_of_a_file_still_opens_when_its_data_is_gone(sign_in):
    request = full_file()
    dispose(by=SYSTEM)
    roles = ("chief", "information_officer", "administrator", "signatory")
    browser = sign_in(staff(*roles))
    code = format_code(request.tracking_code)
    for path in (f"/requests/{code}", f"/requests/{code}/slip.pdf", page_of(request), "/queue"):
        assert browser.get(path).status_code == 200, path
    gone = browser.get(f"/requests/{code}/outcome.pdf")
    assert gone.status_code == 404
    assert "retention period ended" in text_of(gone)
    assert "nobody is on file any more" in text_of(browser.get(page_of(request)))


def test_a_hold_by_another_office_s_person_is_refused(province):
    request = someone()
    other = staff("chief", office_id=district_office(1))
    with pytest.raises(Exception, match="not_found"):
        place_hold(request.pk, by=other, reason="x")


def test_the_notice_is_told_at_the_counter_and_read_by_anybody(sign_in, citizen):
    clerk = sign_in(staff("information_officer"))
    form = text_of(clerk.get("/requests/new", {"service": "TOU-D-002"}))
    assert "each look is recorded" in form
    assert "/privacy" in form
    page = text_of(citizen.get("/privacy"))
    for words in ("Who is responsible?", "What are your rights?", "10 years", "Version 2026-1"):
        assert words in page
    assert "An older version" not in page
    assert text_of(citizen.get("/privacy", {"version": "nonsense"})) == page
    assert '<a href="/privacy">' in text_of(citizen.get("/"))
