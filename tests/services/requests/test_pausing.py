"""The stop-clock: both days move by the working time the office waited."""

from datetime import date, timedelta

import pytest

from owso.errors import AlreadyDone, Invalid, InvalidTransition
from services.calendars.deadlines import deadline, working_minutes_between
from services.catalogue.queries import terms as terms_of
from services.offices.actors import system_actor
from services.requests.actions import pause_request, reject_request, resume_request
from services.requests.models import PaperCheck, Pause, RequestEvent, ServiceRequest, StageVisit
from services.requests.planning import office_calendar
from services.requests.queries import explain_deadline
from services.requests.states import State
from tests.factories import MONDAY, RequestFactory

SYSTEM = system_actor("tests")
START = MONDAY + timedelta(hours=1)
END = START + timedelta(days=3, hours=1)


def pause(request, now=START, **options):
    options = {"reason": "papers_missing", **options}
    return pause_request(request.pk, by=SYSTEM, now=now, **options)


def stored(request):
    return ServiceRequest.objects.get(pk=request.pk)


def test_waiting_takes_the_request_off_its_due_day(province):
    request = pause(RequestFactory())

    event = RequestEvent.objects.get(request=request, kind="paused")
    assert stored(request).state == State.WAITING
    assert (event.due_on_before, event.due_on_after) == (request.due_on, date(9999, 12, 31))


def test_both_days_move_by_the_working_minutes_of_the_pause(province):
    request = RequestFactory()
    visit_due = StageVisit.objects.get(pk=request.current_visit_id).due_at
    pause(request)

    resume_request(request.pk, by=SYSTEM, now=END)

    after = stored(request)
    calendar = office_calendar(request.office_id)
    minutes = working_minutes_between(START, END, calendar)
    explained = deadline(
        MONDAY,
        terms_of(request.service_version_id).limit_days,
        calendar,
        [(START, END)],
        now=END,
    )
    assert after.state == State.REGISTERED
    assert minutes > 0
    assert after.paused_minutes == minutes
    assert after.due_at == explained.due_at
    assert after.promised_at > request.promised_at
    assert StageVisit.objects.get(pk=request.current_visit_id).due_at > visit_due


def test_the_resumed_event_puts_the_request_on_its_new_day(province):
    request = pause(RequestFactory(in_progress=True))

    after = resume_request(request.pk, by=SYSTEM, now=END)

    event = RequestEvent.objects.get(request=request, kind="resumed")
    assert after.state == State.IN_PROGRESS
    assert (event.due_on_before, event.due_on_after) == (date(9999, 12, 31), after.due_on)


def test_a_pause_outside_the_opening_hours_moves_nothing(province):
    request = RequestFactory()
    night = MONDAY.replace(hour=20)
    pause(request, now=night)

    after = resume_request(request.pk, by=SYSTEM, now=night + timedelta(hours=3))

    assert (after.paused_minutes, after.due_at) == (0, request.due_at)


def test_the_papers_asked_for_are_ticked_when_they_come(province):
    request = RequestFactory()
    documents = [each.id for each in terms_of(request.service_version_id).documents]
    pause(request, papers=frozenset(documents[:2]))
    asked = PaperCheck.objects.filter(request=request, is_handed_in=False)
    assert asked.count() == 2

    resume_request(request.pk, by=SYSTEM, now=END, papers=frozenset(documents[:1]))

    assert list(asked.values_list("document_id", flat=True)) == [documents[1]]


def test_a_paper_of_another_service_cannot_be_asked_for(province):
    request = RequestFactory()

    with pytest.raises(Invalid):
        pause(request, papers=frozenset({10**9}))

    assert stored(request).state == State.REGISTERED
    assert not Pause.objects.exists()


@pytest.mark.parametrize(
    ("options", "field"),
    [({"reason": "tired"}, "reason"), ({"note": "x" * 2_001}, "note"), ({"note": "\x00"}, "note")],
)
def test_a_wrong_reason_or_note_is_refused(province, options, field):
    with pytest.raises(Invalid) as refused:
        pause(RequestFactory(), **options)

    assert field in refused.value.fields


def test_pausing_or_resuming_twice_is_already_done(province):
    request = pause(RequestFactory())
    with pytest.raises(AlreadyDone):
        pause(request)
    resume_request(request.pk, by=SYSTEM, now=END)

    with pytest.raises(AlreadyDone):
        resume_request(request.pk, by=SYSTEM, now=END)


def test_a_finished_request_cannot_wait(province):
    with pytest.raises(InvalidTransition):
        pause(RequestFactory(ready=True))


def test_a_pause_cannot_end_before_it_began(province):
    request = pause(RequestFactory())

    with pytest.raises(Invalid):
        resume_request(request.pk, by=SYSTEM, now=START - timedelta(minutes=1))


def test_rejecting_a_waiting_request_ends_its_pause_first(province):
    request = pause(RequestFactory(), now=START)
    long_after = request.due_at + timedelta(days=200)

    reject_request(request.pk, by=SYSTEM, reason="មិនបានមកវិញ", now=long_after)

    event = RequestEvent.objects.get(request=request, kind="rejected")
    assert (event.was_late, event.due_on_before) == (False, date(9999, 12, 31))
    assert Pause.objects.get(request=request).ended_at == long_after


def test_the_explanation_ends_on_the_stored_due_day(province):
    request = pause(RequestFactory())
    after = resume_request(request.pk, by=SYSTEM, now=END)

    explained = explain_deadline(after, now=END)

    assert explained.due_at == stored(request).due_at
    assert explained.days[-1].reason == "due"
