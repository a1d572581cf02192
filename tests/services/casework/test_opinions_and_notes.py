"""Opinions with a clock of their own, and notes that stay."""

from datetime import datetime

import psycopg
import pytest
from django.db import DatabaseError, transaction

from owso.accounts.permissions import Role
from owso.errors import (
    AlreadyDone,
    Conflict,
    Invalid,
    InvalidTransition,
    NotAllowed,
    NotFound,
)
from services.casework.actions import (
    ask_opinion,
    conclude_opinion,
    give_opinion,
    withdraw_opinion,
    write_note,
)
from services.casework.models import Note, Opinion
from services.requests.actions import advance_request, pause_request, reject_request
from services.requests.states import State
from tenants import clock
from tests.factories import MONDAY, RequestFactory, district_office
from tests.services.casework.conftest import LATER, brought_to, stored


@pytest.fixture
def asked(agent, specialist):
    """An opinion that a specialist is asked for."""
    request = RequestFactory()
    return ask_opinion(
        request.pk, role=Role.SPECIALIST, question="តើទីតាំងសមស្របទេ?", days=2, by=agent, now=MONDAY
    )


def test_an_opinion_has_a_clock_of_its_own_in_working_days(asked):
    # Monday morning and two working days: Wednesday at closing.
    assert asked.due_at == datetime(2025, 6, 25, 17, 0, tzinfo=clock.LOCAL)
    assert stored(asked.request).due_at == asked.request.due_at


def test_no_stage_is_left_while_an_opinion_is_waited_for(asked, agent):
    seen = asked.request.current_visit_id

    with pytest.raises(Conflict, match="opinion_open"):
        advance_request(asked.request_id, by=agent, seen_visit_id=seen, now=LATER)

    assert stored(asked.request).current_visit_id == seen


def test_an_answer_lets_the_file_go_on(asked, agent, specialist):
    give_opinion(asked.pk, recommendation="conditional", answer="ត្រូវមានច្រកចេញ ២", by=specialist)
    seen = asked.request.current_visit_id
    advance_request(asked.request_id, by=agent, seen_visit_id=seen, now=LATER)
    assert stored(asked.request).state == State.IN_PROGRESS


def test_a_question_taken_back_lets_the_file_go_on(asked, agent):
    withdraw_opinion(asked.pk, by=agent)
    seen = asked.request.current_visit_id
    advance_request(asked.request_id, by=agent, seen_visit_id=seen, now=LATER)
    assert stored(asked.request).state == State.IN_PROGRESS


def test_a_request_may_be_rejected_while_an_opinion_is_waited_for(asked, agent):
    reject_request(asked.request_id, by=agent, reason="មិនត្រឹមត្រូវ", now=LATER)
    assert stored(asked.request).state == State.REJECTED


def test_an_opinion_is_given_once_and_stands(asked, agent, specialist):
    give_opinion(asked.pk, recommendation="favourable", answer="យល់ព្រម", by=specialist)
    with pytest.raises(AlreadyDone):
        give_opinion(asked.pk, recommendation="unfavourable", answer="ទេ", by=specialist)
    with pytest.raises(AlreadyDone):
        withdraw_opinion(asked.pk, by=agent)
    with pytest.raises(DatabaseError), transaction.atomic():
        Opinion.objects.update(answer="ទេ")


@pytest.mark.parametrize(
    ("recommendation", "answer", "field"),
    [("perhaps", "យល់ព្រម", "recommendation"), ("favourable", "  ", "answer")],
)
def test_an_answer_says_something(asked, specialist, recommendation, answer, field):
    with pytest.raises(Invalid) as refused:
        give_opinion(asked.pk, recommendation=recommendation, answer=answer, by=specialist)
    assert set(refused.value.fields) == {field}


def test_whoever_was_not_asked_finds_nothing_to_answer(asked, agent, person):
    with pytest.raises(NotFound):
        give_opinion(asked.pk, recommendation="favourable", answer="យល់ព្រម", by=agent)
    elsewhere = person(Role.SPECIALIST, office_id=district_office(1))
    with pytest.raises(NotFound):
        give_opinion(asked.pk, recommendation="favourable", answer="យល់ព្រម", by=elsewhere)


def test_a_role_is_asked_once_at_a_time(asked, agent):
    with pytest.raises(AlreadyDone):
        ask_opinion(asked.request_id, role=Role.SPECIALIST, question="ទៀត?", days=1, by=agent)


@pytest.mark.parametrize(
    ("role", "question", "days", "field"),
    [
        (Role.CHIEF, "តើ?", 1, "role"),  # nobody is chief at this office
        (Role.CASHIER, "តើ?", 1, "role"),
        (Role.SPECIALIST, "", 1, "question"),
        (Role.SPECIALIST, "តើ?", 0, "days"),
        (Role.SPECIALIST, "តើ?", 11, "days"),
    ],
)
def test_what_cannot_be_asked(agent, specialist, role, question, days, field):
    with pytest.raises(Invalid) as refused:
        ask_opinion(RequestFactory().pk, role=role, question=question, days=days, by=agent)
    assert set(refused.value.fields) == {field}


def test_a_specialist_asks_nobody(specialist):
    with pytest.raises(NotAllowed):
        ask_opinion(RequestFactory().pk, role=Role.AGENT, question="តើ?", days=1, by=specialist)


def test_an_opinion_is_given_also_while_the_citizen_is_waited_for(asked, agent, specialist):
    pause_request(asked.request_id, by=agent, reason="papers_missing", now=LATER)
    give_opinion(asked.pk, recommendation="favourable", answer="យល់ព្រម", by=specialist)
    assert not Opinion.objects.get().is_open


def test_an_opinion_is_concluded_only_in_the_stage_for_it(specialist, person):
    everybody = person(Role.SPECIALIST, Role.AGENT)
    request = brought_to("opinion")
    with pytest.raises(Invalid):
        conclude_opinion(request.pk, recommendation="favourable", answer=" ", by=specialist)
    given = conclude_opinion(request.pk, recommendation="favourable", answer="យល់ព្រម", by=specialist)
    assert (given.asked_at, given.due_at) == (
        request.current_visit.entered_at,
        request.current_visit.due_at,
    )
    assert stored(request).current_visit.stage_code == "draft"
    with pytest.raises(InvalidTransition):
        conclude_opinion(request.pk, recommendation="favourable", answer="ទៀត", by=everybody)


def test_a_note_stays_for_good(agent):
    request = RequestFactory()
    write_note(request.pk, text="  ទូរស័ព្ទមិនចូល ", by=agent)
    assert Note.objects.get().text == "ទូរស័ព្ទមិនចូល"
    for change in (lambda: Note.objects.update(text="x"), lambda: Note.objects.all().delete()):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            change()
        assert isinstance(refused.value.__cause__, psycopg.Error)


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "a\x00b"])
def test_a_note_that_cannot_be_kept_is_refused(agent, text):
    with pytest.raises(Invalid):
        write_note(RequestFactory().pk, text=text, by=agent)


def test_a_finished_request_may_still_get_a_note(agent):
    write_note(RequestFactory(delivered=True).pk, text="អ្នកទទួលត្រឡប់មកវិញ", by=agent)
    assert Note.objects.count() == 1
