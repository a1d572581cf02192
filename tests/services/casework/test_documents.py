"""From draft to signature: texts that stay, numbers without gaps, one way back."""

import hashlib
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from owso.accounts.permissions import Role
from owso.errors import AlreadyDone, Conflict, Invalid, InvalidTransition, NotAllowed
from services.casework.actions import ask_opinion, save_draft, send_back, sign_outcome
from services.casework.contents import content_of, signed_content
from services.casework.genuine import genuine_document
from services.casework.models import Draft, Note, OutcomeDocument
from services.casework.rules import issues_document
from services.casework.tokens import format_token, new_token, parse_token
from services.catalogue.queries import published_version
from services.catalogue.queries import terms as terms_of
from services.requests.actions import advance_request, reject_request
from services.requests.models import Outcome, RequestEvent, StageVisit
from services.requests.states import State
from tenants import clock, sealing
from tenants.context import portal_of
from tests.services.casework.conftest import LATER, SYSTEM, brought_to, stored


def test_a_draft_keeps_its_versions_and_the_same_text_makes_none(agent):
    request = brought_to("draft")
    for body in ("ទីមួយ", "ទីពីរ", "ទីពីរ"):
        save_draft(request.pk, body=body, by=agent)
    assert list(Draft.objects.order_by("number").values_list("number", "body")) == [
        (1, "ទីមួយ"),
        (2, "ទីពីរ"),
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        Draft.objects.update(body="x")


def test_the_wording_of_the_service_is_proposed(province):
    request = stored(brought_to("draft"))
    terms = terms_of(request.service_version_id)
    content = content_of(request, terms)
    assert content.km.title == "លិខិតអនុញ្ញាត"
    assert request.applicant.full_name.split()[0] in content.km.body
    assert terms.name_km[:10] in content.km.body
    assert content.token == content.km.number == ""


def test_the_chief_corrects_the_draft_and_the_signatory_does_not(chief, signatory):
    request = brought_to("review")
    save_draft(request.pk, body="កែ", by=chief)
    request = brought_to("sign")
    with pytest.raises(NotAllowed):
        save_draft(request.pk, body="កែ", by=signatory)


def test_nothing_is_drafted_in_the_stage_of_another(agent):
    with pytest.raises(NotAllowed):
        save_draft(brought_to("review").pk, body="កែ", by=agent)


@pytest.mark.parametrize("body", ["", " \n ", "x" * 2001])
def test_a_draft_says_something(agent, body):
    with pytest.raises(Invalid):
        save_draft(brought_to("draft").pk, body=body, by=agent)


def test_a_service_without_drafting_issues_no_document(province):
    today = clock.today()
    assert issues_document(published_version("TOU-D-002", on=today))
    assert not issues_document(published_version("LEG-D-002", on=today))


def test_signing_gives_number_code_and_text_and_finishes_the_stage(signatory):
    request = brought_to("sign")

    document = sign_outcome(request.pk, by=signatory, seen_visit_id=request.current_visit_id)

    assert (document.year, document.number) == (clock.today().year, 1)
    assert parse_token(document.token) == document.token
    assert stored(request).current_visit.stage_code == "seal"
    visit = StageVisit.objects.get(pk=request.current_visit_id)
    assert (visit.outcome, visit.handled_by_id) == (Outcome.DONE, signatory.user_id)
    assert RequestEvent.objects.filter(request=request, stage_left="sign").count() == 1


def test_what_was_signed_is_kept_sealed_and_word_for_word(agent, signatory):
    request = brought_to("draft")
    save_draft(request.pk, body="អត្ថបទដែលបានចុះហត្ថលេខា", by=agent, now=LATER)
    for _ in range(2):
        request = stored(request)
        who = {"draft": agent}.get(request.current_visit.stage_code)
        advance_request(
            request.pk,
            by=who or SYSTEM,
            seen_visit_id=request.current_visit_id,
            now=LATER,
        )
    document = sign_outcome(request.pk, by=signatory)
    plain = sealing.unseal(bytes(OutcomeDocument.objects.get().content_sealed))
    assert hashlib.sha256(plain.encode()).digest() == bytes(document.content_hash)
    content = signed_content(OutcomeDocument.objects.get())
    assert content.km.body == "អត្ថបទដែលបានចុះហត្ថលេខា"
    assert content.km.number == content.en.number == f"0102/{document.year}/000001"
    assert content.token == document.token


def test_a_signed_document_stands(signatory):
    sign_outcome(brought_to("sign").pk, by=signatory)
    for statement in ("UPDATE {} SET number = 2", "DELETE FROM {}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format("casework_outcomedocument"))


def test_the_signatorys_stage_is_not_left_without_a_signature(signatory):
    request = brought_to("sign")
    with pytest.raises(InvalidTransition, match="signature_missing"):
        advance_request(request.pk, by=signatory, seen_visit_id=request.current_visit_id)


def test_a_signature_on_a_copy_needs_no_document(person):
    signatory = person(Role.SIGNATORY)
    request = brought_to("sign", intake__service="LEG-D-002")
    with pytest.raises(InvalidTransition, match="nothing_to_sign"):
        sign_outcome(request.pk, by=signatory)
    advance_request(request.pk, by=signatory, seen_visit_id=request.current_visit_id)
    assert stored(request).current_visit.stage_code == "seal"


def test_only_the_signatory_signs_and_only_in_that_stage(chief, signatory):
    with pytest.raises(NotAllowed):
        sign_outcome(brought_to("sign").pk, by=chief)
    with pytest.raises(NotAllowed):
        sign_outcome(brought_to("review").pk, by=signatory)


def test_signing_twice_signs_once(signatory):
    request = brought_to("sign")
    seen = request.current_visit_id
    sign_outcome(request.pk, by=signatory, seen_visit_id=seen)
    with pytest.raises(AlreadyDone):
        sign_outcome(request.pk, by=signatory, seen_visit_id=seen)
    assert OutcomeDocument.objects.count() == 1


def test_a_signature_that_fails_gives_its_number_back(agent, chief, signatory, specialist):
    waiting = brought_to("sign")
    ask_opinion(waiting.pk, role=Role.SPECIALIST, question="តើ?", days=1, by=chief)
    with pytest.raises(Conflict, match="opinion_open"):
        sign_outcome(waiting.pk, by=signatory)
    assert sign_outcome(brought_to("sign").pk, by=signatory).number == 1


def test_the_chief_sends_a_draft_back_with_a_reason(agent, chief):
    request = brought_to("review")

    send_back(request.pk, to_stage="draft", reason="សូមបន្ថែមលេខផ្ទះ", by=chief)

    assert stored(request).current_visit.stage_code == "draft"
    note = Note.objects.get()
    assert (note.kind, note.text, note.author_id) == ("returned", "សូមបន្ថែមលេខផ្ទះ", chief.user_id)
    assert stored(request).due_at == request.due_at


@pytest.mark.parametrize(
    ("to_stage", "reason", "field"),
    [("sign", "ហេតុ", "to_stage"), ("review", "ហេតុ", "to_stage"), ("draft", " ", "reason")],
)
def test_a_file_goes_back_only_to_an_earlier_stage_with_a_reason(chief, to_stage, reason, field):
    request = brought_to("review")
    with pytest.raises(Invalid) as refused:
        send_back(request.pk, to_stage=to_stage, reason=reason, by=chief)
    assert set(refused.value.fields) == {field}
    assert not Note.objects.exists()


def test_a_signed_document_does_not_go_back(signatory, person):
    request = brought_to("sign")
    sign_outcome(request.pk, by=signatory)
    front = person(Role.INFORMATION_OFFICER, Role.CHIEF)
    with pytest.raises(InvalidTransition, match="signed_already"):
        send_back(request.pk, to_stage="review", reason="ខុស", by=front)
    assert not Note.objects.exists()


def test_the_public_learns_what_the_paper_says_and_no_name(province, signatory):
    request = brought_to("sign")
    document = sign_outcome(request.pk, by=signatory)
    with portal_of(province):
        seen = genuine_document(document.token)
        assert genuine_document(new_token("01")) is None
    assert (seen.year, seen.number, seen.is_valid) == (document.year, 1, True)
    assert seen.office_code == "0102"
    assert request.applicant.full_name not in str(seen)


def test_a_document_of_a_request_rejected_afterwards_is_not_valid(signatory, chief):
    request = brought_to("sign")
    document = sign_outcome(request.pk, by=signatory)
    reject_request(request.pk, by=chief, reason="ក្លែងឯកសារ")
    assert stored(request).state == State.REJECTED
    assert genuine_document(document.token).is_valid is False


def test_a_token_forgives_how_it_is_typed_and_no_wrong_character():
    token = new_token("02")
    assert parse_token(format_token(token).lower()) == token
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    for text in ("", "02", wrong, "x" * 100, token + "0", "XX" + token[2:]):
        assert parse_token(text) is None


def test_every_service_has_a_wording_that_can_be_filled_in(province):
    from services.casework.wordings import _read, wording_of
    from services.catalogue.queries import offered

    names = {"applicant": "a", "service": "b", "office": "c", "code": "d", "received": "e"}
    known = set()
    for level in ("province", "district", "commune"):
        for terms in offered(level, clock.today()):
            wording = wording_of(terms)
            assert "{" not in wording.body_km.format(**names)
            assert wording.title_km
            assert wording.title_en
            known.add(terms.service_code)
    assert set(_read()["services"]) <= known


def test_numbers_follow_each_other_by_office_and_year(signatory):
    numbers = [sign_outcome(brought_to("sign").pk, by=signatory).number for _ in range(2)]
    past = brought_to("sign")
    old = sign_outcome(past.pk, by=signatory, now=LATER + timedelta(days=1))
    assert numbers == [1, 2]
    assert (old.year, old.number) == (2025, 1)
