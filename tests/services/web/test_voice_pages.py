"""The pages on which citizens rate and complain, and the citizens' office answers."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from services.casework.tokens import format_token
from services.forecast import actions as forecasts
from services.forecast.queries import forget_forecasts
from services.requests.codes import format_code
from services.requests.models import StageVisit
from services.voice.actions import Grievance, complain
from services.voice.models import Complaint, Rating
from services.web.voice.answering import VOICES
from tenants import clock
from tests.factories import RequestFactory, staff
from tests.services.documents.scans import picture
from tests.services.web.conftest import text_of

SCRIPT = "<script>alert('x')</script> មន្ត្រីទារប្រាក់បន្ថែម"
ESCAPED = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def ombudsman(sign_in):
    return sign_in(staff(Role.OMBUDSMAN))


def sent(citizen, **changes):
    return citizen.post("/complain", {"province": "01", "about": "fee", "text": SCRIPT} | changes)


def answer(office, code, *, outcome="resolved", text="ប្រាក់ត្រូវបានសងវិញហើយ", version=1):
    data = {"outcome": outcome, "text": text, "version": str(version)}
    return office.post(f"/complaints/{code}", data)


def test_a_collected_request_leads_to_its_rating_which_is_taken_once(citizen):
    request = RequestFactory(delivered=True)
    code = format_code(request.tracking_code)
    assert f'href="/t/{code}/rate"' in text_of(citizen.get(f"/t/{code}"))
    page = text_of(citizen.get(f"/t/{code}/rate"))
    assert page.count('type="radio"') == 8 * 5
    assert citizen.post(f"/t/{code}/rate", {}).status_code == 422
    done = citizen.post(f"/t/{code}/rate", {"staff": "5", "fees": "9"})
    assert "Your rating is kept" in text_of(done)
    assert Rating.objects.get().scores.count() == 1
    again = citizen.post(f"/t/{code}/rate", {"staff": "1"})
    assert (again.status_code, "rated already" in text_of(again)) == (409, True)


def test_what_is_not_collected_is_not_rated_and_unknown_codes_answer_alike(citizen):
    code = format_code(RequestFactory(ready=True).tracking_code)
    assert "/rate" not in text_of(citizen.get(f"/t/{code}"))
    assert "once its result has been collected" in text_of(citizen.get(f"/t/{code}/rate"))
    for typed in ("01-00000-00000-0", "nonsense", "99-K7Q4M-7TD3X-C"):
        assert citizen.get(f"/t/{typed}/rate").status_code == 404


def test_a_complaint_is_sent_answered_and_read_and_html_in_it_is_text(citizen, ombudsman):
    request = RequestFactory(in_progress=True)
    tracking = format_code(request.tracking_code)
    assert f"/complain?code={tracking}" in text_of(citizen.get(f"/t/{tracking}"))
    assert tracking in text_of(citizen.get(f"/complain?code={tracking}"))
    photo = SimpleUploadedFile("a.jpg", picture(), "image/jpeg")
    onward = sent(citizen, code=tracking, province="", files=photo)["Location"]
    own = text_of(citizen.get(onward))
    complaint = Complaint.objects.get()
    code = format_token(complaint.code)
    assert (complaint.request_id, complaint.contact_sealed) == (request.pk, None)
    assert code in own
    assert ESCAPED in own
    assert "<script>alert" not in own
    seen = text_of(ombudsman.get(f"/complaints/{code}"))
    assert ESCAPED in seen
    assert "Somebody who stays unknown" in seen
    assert code in text_of(ombudsman.get("/complaints"))
    file = ombudsman.get(f"/complaints/{code}/files/{complaint.files.get().pk}")
    assert (file["Content-Type"], "sandbox" in file["Content-Security-Policy"]) == (
        "image/jpeg",
        True,
    )
    assert answer(ombudsman, code).status_code == 302
    told = text_of(citizen.get(f"/c/{code}"))
    assert "ប្រាក់ត្រូវបានសងវិញហើយ" in told
    assert "Resolved" in told
    assert code in text_of(ombudsman.get("/complaints?show=closed"))
    verbs = {"complain", "read_complaint", "read_complaint_file", "answer_complaint"}
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= verbs


def test_a_citizen_answers_what_was_asked_and_cannot_where_nothing_was(citizen, ombudsman):
    sent(citizen)
    code = format_token(Complaint.objects.get().code)
    assert citizen.post(f"/c/{code}", {"text": SCRIPT}).status_code == 409
    answer(ombudsman, code, outcome="more_information", text="សូមប្រាប់ថ្ងៃខែឆ្នាំ")
    assert "The clock stands until you answer" in text_of(citizen.get(f"/c/{code}"))
    short = citizen.post(f"/c/{code}", {"text": "ok"})
    assert (short.status_code, "Write a little more" in text_of(short)) == (422, True)
    assert citizen.post(f"/c/{code}", {"text": "ថ្ងៃទី ៣ ខែវិច្ឆិកា"}).status_code == 302
    stale = answer(ombudsman, code, version=2)
    assert (stale.status_code, "Something was said since" in text_of(stale)) == (409, True)
    assert answer(ombudsman, code, version=3).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"province": ""}, "Choose the province"),
        ({"code": "01-00000-00000-0"}, "There is no request with this code"),
        ({"about": ""}, "Choose what it is about"),
        ({"text": "no"}, "Write a little more"),
    ],
)
def test_what_is_missing_is_said_beside_what_was_typed(citizen, changes, words):
    page = sent(citizen, contact="សុខ ដារ៉ា", **changes)
    assert page.status_code == 422
    assert words in text_of(page)
    assert "សុខ ដារ៉ា" in text_of(page)
    assert not Complaint.objects.exists()


def test_a_file_that_is_no_paper_is_refused_and_nothing_is_kept(citizen):
    page = sent(citizen, files=SimpleUploadedFile("a.jpg", b"MZ program", "image/jpeg"))
    assert page.status_code == 422
    assert "There is a problem" in text_of(page)
    assert not Complaint.objects.exists()


def test_the_list_and_the_complaint_are_for_the_citizens_office_alone(citizen, sign_in):
    sent(citizen)
    code = format_token(Complaint.objects.get().code)
    for role in (Role.CHIEF, Role.INFORMATION_OFFICER):
        office = sign_in(staff(role))
        for path in ("/complaints", f"/complaints/{code}", f"/complaints/{code}/files/1"):
            assert office.get(path).status_code == 403
    ombudsman = sign_in(staff(Role.OMBUDSMAN))
    for typed in ("01-0000-0000-0000-0000-0", "nonsense"):
        assert ombudsman.get(f"/complaints/{typed}").status_code == 404
    assert ombudsman.get(f"/complaints/{code}/files/1").status_code == 404


def test_codes_that_lead_nowhere_answer_alike_and_guessing_is_stopped(citizen):
    answers = {citizen.get(f"/c/{typed}").content for typed in ("nonsense", "01-1-1", "99")}
    assert len(answers) == 1
    assert citizen.get("/c/?code=nonsense").status_code == 404
    for _ in range(40):
        last = citizen.get("/c/nonsense")
    assert last.status_code == 429


def test_one_address_cannot_flood_the_citizens_office(citizen):
    for _ in range(VOICES.amount):
        sent(citizen, text="no")
    page = sent(citizen)
    assert (page.status_code, Complaint.objects.count()) == (429, 0)
    assert int(page["Retry-After"]) >= 60


def test_late_complaints_are_a_number_for_the_administrator_and_no_more(province, sign_in):
    complain(Grievance(text=SCRIPT, about="fee"), now=clock.now() - timedelta(days=90))
    page = text_of(sign_in(staff(Role.ADMINISTRATOR)).get("/score-card"))
    assert "1 complaint waits longer than it should" in page
    assert "script&gt;" not in page
    chief = text_of(sign_in(staff(Role.CHIEF)).get("/score-card"))
    assert "waits longer" not in chief
    assert "at least 5" in chief


def test_the_tracking_page_tells_the_estimate_and_not_where_it_means_nothing(citizen, province):
    request = RequestFactory(in_progress=True, started=clock.now() - timedelta(hours=2))
    visit = StageVisit.objects.get(pk=request.current_visit_id)
    key = f"0:{request.service_id}:{visit.stage_code}"
    forecasts._keep(province, {key: [0, [[0, 100, 2_000, 3_000]]]}, clock.now())
    path = f"/t/{format_code(request.tracking_code)}"
    forget_forecasts()
    text = text_of(citizen.get(path))
    assert "Likely ready between" in text
    assert "Almost surely by" in text
    assert "not a promise" in text
    overdue = RequestFactory(overdue=True)
    waiting = RequestFactory(waiting=True)
    for other in (overdue, waiting):
        assert "Likely" not in text_of(citizen.get(f"/t/{format_code(other.tracking_code)}"))
    forget_forecasts()
