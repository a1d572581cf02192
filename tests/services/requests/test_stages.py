"""Stages: each in its order, by its role, once."""

from datetime import timedelta

import pytest

from owso.errors import AlreadyDone, Conflict, Invalid, InvalidTransition, NotAllowed, NotFound
from services.catalogue.queries import terms as terms_of
from services.offices.actors import system_actor
from services.requests.actions import advance_request, deliver_request
from services.requests.actions.closing import Collector
from services.requests.actions.stages import READY
from services.requests.models import Outcome, RequestEvent, ServiceRequest, StageVisit
from services.requests.states import State
from tests.factories import (
    MONDAY,
    IntakeFactory,
    RequestFactory,
    district_office,
    finish,
    staff,
)

SYSTEM = system_actor("tests")
LATER = MONDAY + timedelta(hours=1, seconds=59)


def advance(request, by=SYSTEM, seen=None, now=LATER, **to):
    seen = request.current_visit_id if seen is None else seen
    return advance_request(request.pk, by=by, seen_visit_id=seen, now=now, **to)


def stored(request):
    return ServiceRequest.objects.get(pk=request.pk)


def test_the_next_stage_follows_the_plan(province):
    request = RequestFactory()
    stages = terms_of(request.service_version_id).stages

    advance(request)

    first, second = StageVisit.objects.filter(request=request).order_by("sequence")
    assert (first.left_at, first.outcome, first.dwell_minutes) == (LATER, Outcome.DONE, 60)
    assert (second.stage_code, second.entered_at) == (stages[1].code, LATER)
    assert stored(request).current_visit_id == second.pk
    assert stored(request).state == State.IN_PROGRESS


def test_the_event_tells_what_was_left_and_what_was_entered(province):
    request = RequestFactory()
    stages = terms_of(request.service_version_id).stages

    advance(request)

    event = RequestEvent.objects.get(request=request, kind="advanced")
    assert (event.stage_left, event.stage_entered) == (stages[0].code, stages[1].code)
    assert event.dwell_minutes == 60
    assert event.due_on_before == event.due_on_after == request.due_on


def test_a_stage_left_after_its_time_was_late(province):
    request = RequestFactory()
    visit = StageVisit.objects.get(pk=request.current_visit_id)

    advance(request, now=visit.due_at + timedelta(seconds=1))

    assert RequestEvent.objects.get(request=request, kind="advanced").stage_was_late is True


def test_a_stage_left_at_its_very_time_was_not_late(province):
    request = RequestFactory()
    visit = StageVisit.objects.get(pk=request.current_visit_id)

    advance(request, now=visit.due_at)

    assert RequestEvent.objects.get(request=request, kind="advanced").stage_was_late is False


def test_after_the_last_stage_the_result_is_ready(province):
    request = RequestFactory()

    finish(request.pk, by=SYSTEM, now=LATER)

    done = stored(request)
    assert (done.state, done.ready_at, done.current_visit_id) == (State.READY, LATER, None)
    event = RequestEvent.objects.get(request=request, kind="ready")
    assert (event.duration_minutes, event.was_late) == (60, False)
    assert (event.due_on_before, event.due_on_after) == (request.due_on, None)


@pytest.mark.parametrize(("past", "is_late"), [(timedelta(0), False), (timedelta(seconds=1), True)])
def test_ready_after_the_legal_limit_is_late(province, past, is_late):
    request = RequestFactory()

    finish(request.pk, by=SYSTEM, now=request.due_at + past)

    assert RequestEvent.objects.get(request=request, kind="ready").was_late is is_late


def test_pressing_twice_advances_once(province):
    request = RequestFactory()
    advance(request)

    with pytest.raises(AlreadyDone):
        advance(request)

    assert StageVisit.objects.filter(request=request).count() == 2


def test_the_fee_comes_before_the_second_stage(province):
    request = RequestFactory(charged=True)

    with pytest.raises(Conflict) as refused:
        advance(request)

    assert refused.value.code == "fee_not_paid"
    assert stored(request).state == State.REGISTERED


def test_a_request_never_charged_does_not_go_on_either(province):
    from services.requests.actions import register_request

    request = register_request(IntakeFactory(), by=SYSTEM, now=MONDAY)

    with pytest.raises(Conflict):
        advance(request)


def test_a_free_service_goes_on_without_a_payment(province):
    request = RequestFactory(charged=True, intake=IntakeFactory(service="AGR-P-001"))

    assert advance(request).state == State.IN_PROGRESS


def test_a_stage_is_left_by_its_own_role_only(province):
    request = RequestFactory()
    terms = terms_of(request.service_version_id)
    role = terms.stages[0].actor_role
    other = next(each for each in ("chief", "signatory") if each != role)

    with pytest.raises(NotAllowed):
        advance(request, by=staff(other))
    assert advance(request, by=staff(role, sector_id=terms.sector_id)).state == State.IN_PROGRESS


def test_an_agent_of_another_sector_does_not_see_the_request(province):
    from services.catalogue.models import Sector

    request = RequestFactory()
    sector = terms_of(request.service_version_id).sector_id
    other = Sector.objects.exclude(pk=sector).first()

    with pytest.raises(NotFound):
        advance(request, by=staff("agent", sector_id=other.pk))


def test_staff_of_another_office_do_not_see_the_request(province):
    request = RequestFactory()

    with pytest.raises(NotFound):
        advance(request, by=staff("chief", office_id=district_office(1)))


def test_a_request_that_is_not_there_is_not_found(province):
    with pytest.raises(NotFound):
        advance_request(10**12, by=SYSTEM, seen_visit_id=None)


def test_a_later_stage_can_send_the_request_back(province):
    request = RequestFactory(in_progress=True)
    first = terms_of(request.service_version_id).stages[0]

    advance(request, to_stage=first.code)

    visits = StageVisit.objects.filter(request=request).order_by("sequence")
    assert [visit.outcome for visit in visits] == ["done", "returned", ""]
    assert visits[2].stage_code == first.code


def test_people_cannot_skip_a_stage(province):
    request = RequestFactory()
    terms = terms_of(request.service_version_id)
    by = staff(terms.stages[0].actor_role, sector_id=terms.sector_id)

    with pytest.raises(Invalid) as refused:
        advance(request, by=by, to_stage=READY)

    assert refused.value.code == "stage_skipped"


def test_an_import_may_skip_stages(province):
    request = RequestFactory()

    assert advance(request, to_stage=READY).state == State.READY


def test_an_unknown_stage_is_refused(province):
    with pytest.raises(Invalid) as refused:
        advance(RequestFactory(), to_stage="somewhere")

    assert refused.value.code == "stage_unknown"


def test_a_step_before_the_one_it_follows_is_refused(province):
    with pytest.raises(Invalid):
        advance(RequestFactory(), now=MONDAY - timedelta(seconds=1))


@pytest.mark.parametrize("state", ["incomplete", "waiting", "ready", "delivered", "rejected"])
def test_only_a_running_request_advances(province, state):
    request = RequestFactory(**{state: True})

    with pytest.raises(InvalidTransition):
        advance_request(request.pk, by=SYSTEM, seen_visit_id=None)


def test_collecting_needs_the_result_to_be_ready(province):
    with pytest.raises(InvalidTransition):
        deliver_request(RequestFactory().pk, by=SYSTEM, collector=Collector(name="ដារ៉ា"))


def test_each_change_counts_the_version_up(province):
    request = RequestFactory()

    assert request.version == 1
    assert advance(request).version == stored(request).version == 2
