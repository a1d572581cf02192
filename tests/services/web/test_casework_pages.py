"""A file in the back office: one first step by role, opinions, drafts, the signed document."""

import pytest

from owso.accounts.permissions import Role
from services.casework.models import Assignment, Draft, Note, Opinion, OutcomeDocument
from services.catalogue.queries import published_version
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from tenants import clock
from tests.factories import SERVICE, RequestFactory, advanced_to, district_office, staff
from tests.services.web.conftest import text_of


def path_of(request, step=""):
    return f"/requests/{format_code(request.tracking_code)}{step}"


@pytest.fixture
def browser(sign_in):
    """Sign somebody in with roles at the first district office, agents in the sector at hand."""
    sector_id = published_version(SERVICE, on=clock.today()).sector_id

    def made(*roles, **place):
        return sign_in(staff(*roles, **{"sector_id": sector_id, **place}))

    return made


def seen(request):
    return {"seen": ServiceRequest.objects.get(pk=request.pk).current_visit_id}


@pytest.mark.parametrize(
    ("stage", "role", "step", "words"),
    [
        ("check", Role.AGENT, "advance", "Accept the papers"),
        ("opinion", Role.SPECIALIST, "conclude", "Give the opinion and hand on"),
        ("draft", Role.AGENT, "advance", "Hand the draft on"),
        ("review", Role.CHIEF, "advance", "Initial and hand on"),
        ("sign", Role.SIGNATORY, "sign", "Sign and number the document"),
        ("seal", Role.INFORMATION_OFFICER, "advance", "Sealed and registered: ready"),
    ],
)
def test_each_role_is_offered_one_first_step_in_its_stage(browser, stage, role, step, words):
    request = advanced_to(RequestFactory().pk, stage)
    page = text_of(browser(role).get(path_of(request)))
    assert page.count('<button class="govuk-button">') == 1
    assert f'<button class="govuk-button">{words}</button>' in page
    assert f'action="{path_of(request, "/" + step)}"' in page


def test_a_role_with_nothing_to_do_is_told_so(browser):
    page = text_of(browser(Role.OMBUDSMAN).get(path_of(RequestFactory())))
    assert "Nothing for your role at this stage." in page


def test_taking_and_giving_a_file(browser):
    request = RequestFactory()
    agent, chief = browser(Role.AGENT), browser(Role.CHIEF)
    assert agent.post(path_of(request, "/take"), seen(request)).status_code == 302
    first = Assignment.objects.get().user_id
    other = staff(Role.AGENT, sector_id=request.service.sector_id)
    refused = browser(Role.AGENT).post(path_of(request, "/take"), seen(request))
    assert refused.status_code == 409
    assert "Only the office chief can give it" in text_of(refused)
    form = {**seen(request), "person": other.user_id}
    assert chief.post(path_of(request, "/assign"), form).status_code == 302
    assert Assignment.objects.get().user_id == other.user_id != first
    wrong = {**seen(request), "person": 10**6}
    assert chief.post(path_of(request, "/assign"), wrong).status_code == 422


def test_an_opinion_is_asked_for_and_given_on_the_page(browser):
    request = RequestFactory()
    agent, specialist = browser(Role.AGENT), browser(Role.SPECIALIST)
    form = {**seen(request), "role": "specialist", "question": "តើទីតាំងសមស្របទេ?", "days": "2"}
    assert agent.post(path_of(request, "/ask_opinion"), form).status_code == 302
    asked = Opinion.objects.get()
    page = text_of(agent.get(path_of(request)))
    assert path_of(request, "/advance") not in page
    assert "The stage ends when the opinion is here" in page
    answer = path_of(request, f"/opinions/{asked.pk}/answer")
    assert answer not in page
    assert answer in text_of(specialist.get(path_of(request)))
    wrong = specialist.post(answer, {"recommendation": "", "answer": ""})
    assert wrong.status_code == 422
    assert f'href="#answer-{asked.pk}-recommendation"' in text_of(wrong)
    good = {"recommendation": "favourable", "answer": "យល់ព្រម"}
    assert specialist.post(answer, good).status_code == 302
    assert "In favour" in text_of(agent.get(path_of(request)))
    again = specialist.post(answer, good)
    assert again.status_code == 409
    assert "answered or taken back already" in text_of(again)


def test_the_opinion_a_stage_is_for_is_given_with_its_end(browser):
    request, specialist = advanced_to(RequestFactory().pk, "opinion"), browser(Role.SPECIALIST)
    form = {**seen(request), "recommendation": "", "answer": "យល់ព្រម"}
    assert specialist.post(path_of(request, "/conclude"), form).status_code == 422
    form["recommendation"] = "conditional"
    assert specialist.post(path_of(request, "/conclude"), form).status_code == 302
    page = text_of(browser(Role.AGENT).get(path_of(request)))
    assert "In favour, under conditions" in page
    assert ServiceRequest.objects.get().current_visit.stage_code == "draft"
    again = specialist.post(path_of(request, "/conclude"), form)
    assert again.status_code == 409
    assert Opinion.objects.count() == 1


def test_a_question_is_taken_back(browser):
    request, agent = RequestFactory(), browser(Role.AGENT)
    browser(Role.SPECIALIST)
    form = {**seen(request), "role": "specialist", "question": "តើ?", "days": "1"}
    agent.post(path_of(request, "/ask_opinion"), form)
    path = path_of(request, f"/opinions/{Opinion.objects.get().pk}/withdraw")
    assert agent.post(path).status_code == 302
    assert not Opinion.objects.get().is_open


def test_an_opinion_about_another_request_is_not_found_here(browser):
    request, other, agent = RequestFactory(), RequestFactory(), browser(Role.AGENT)
    specialist = browser(Role.SPECIALIST)
    form = {**seen(request), "role": "specialist", "question": "តើ?", "days": "1"}
    agent.post(path_of(request, "/ask_opinion"), form)
    number, good = Opinion.objects.get().pk, {"recommendation": "favourable", "answer": "បាទ"}
    assert specialist.post(path_of(other, f"/opinions/{number}/answer"), good).status_code == 404
    assert agent.post(path_of(other, f"/opinions/{number}/withdraw")).status_code == 404
    assert Opinion.objects.get().is_open


def test_a_draft_is_proposed_kept_and_shown_again(browser):
    request, agent = advanced_to(RequestFactory().pk, "draft"), browser(Role.AGENT)
    assert "អនុញ្ញាតជូន" in text_of(agent.get(path_of(request)))
    form = {**seen(request), "body": "អត្ថបទថ្មី"}
    assert agent.post(path_of(request, "/draft"), form).status_code == 302
    assert Draft.objects.get().body == "អត្ថបទថ្មី"
    assert "អត្ថបទថ្មី</textarea>" in text_of(agent.get(path_of(request)))


def test_the_chief_sends_back_and_the_reason_is_read(browser):
    request, chief = advanced_to(RequestFactory().pk, "review"), browser(Role.CHIEF)
    form = {**seen(request), "to_stage": "draft", "reason": ""}
    assert chief.post(path_of(request, "/send_back"), form).status_code == 422
    form["reason"] = "សូមបន្ថែមលេខផ្ទះ"
    assert chief.post(path_of(request, "/send_back"), form).status_code == 302
    page = text_of(browser(Role.AGENT).get(path_of(request)))
    assert "សូមបន្ថែមលេខផ្ទះ" in page
    assert "Sent back" in page


def test_signing_shows_number_and_code_and_the_document_prints(browser):
    request, signatory = advanced_to(RequestFactory().pk, "sign"), browser(Role.SIGNATORY)
    draft = signatory.get(path_of(request, "/outcome.pdf"))
    assert draft.content.startswith(b"%PDF")
    form = seen(request)
    assert signatory.post(path_of(request, "/sign"), form).status_code == 302
    document = OutcomeDocument.objects.get()
    page = text_of(signatory.get(path_of(request)))
    assert f"0102/{document.year}/000001" in page
    again = signatory.post(path_of(request, "/sign"), form)
    assert again.status_code == 409
    assert "Somebody has already moved this request on" in text_of(again)
    signed = signatory.get(path_of(request, "/outcome.pdf"))
    assert signed["Content-Type"] == "application/pdf"
    assert signed.content.startswith(b"%PDF")
    assert len(signed.content) > 10_000


def test_a_service_without_a_document_has_none_to_print(browser):
    request = RequestFactory(intake__service="LEG-D-002")
    chief = browser(Role.CHIEF)
    assert chief.get(path_of(request, "/outcome.pdf")).status_code == 404
    assert 'id="document"' not in text_of(chief.get(path_of(request)))


def test_a_note_is_kept_and_a_script_in_it_is_only_text(browser):
    request, agent = RequestFactory(), browser(Role.AGENT)
    form = {**seen(request), "text": "<script>alert(1)</script>"}
    assert agent.post(path_of(request, "/note"), form).status_code == 302
    assert Note.objects.count() == 1
    page = text_of(agent.get(path_of(request)))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


STEPS = (
    "", "/outcome.pdf", "/take", "/assign", "/note", "/ask_opinion", "/draft", "/send_back",
    "/sign", "/advance", "/pause", "/forward", "/reject", "/opinions/1/answer",
    "/opinions/1/withdraw",
)  # fmt: skip


@pytest.mark.parametrize("stranger", ["office", "sector"])
def test_whoever_guesses_an_address_gets_the_answer_of_no_such_request(browser, stranger):
    request = RequestFactory(in_progress=True)
    roles = (Role.AGENT,)
    elsewhere = browser(*roles, office_id=district_office(1))
    sector_id = published_version("LEG-D-002", on=clock.today()).sector_id
    agent = elsewhere if stranger == "office" else browser(*roles, sector_id=sector_id)
    for step in STEPS:
        ask = agent.get if step in {"", "/outcome.pdf"} else agent.post
        guessed = ask(path_of(request, step))
        nothing = ask(f"/requests/01-00000-00000-0{step}")
        if guessed.status_code != 403:  # the role has no such step anywhere
            assert guessed.status_code == nothing.status_code == 404, step
            assert text_of(guessed) == text_of(nothing)
