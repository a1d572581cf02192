"""Forwarding, and the three ends of a request."""

from datetime import timedelta

import pytest

from owso.errors import AlreadyDone, Invalid, InvalidTransition, NotFound
from services.offices.actors import system_actor
from services.requests.actions import (
    deliver_request,
    forward_request,
    reject_request,
    withdraw_request,
)
from services.requests.actions.closing import Collector
from services.requests.models import RequestEvent, ServiceRequest, StageVisit
from services.requests.queries import queue, request_seen_by, search
from services.requests.states import State
from tenants import sealing
from tests.factories import MONDAY, RequestFactory, district_office, staff, unit

SYSTEM = system_actor("tests")
LATER = MONDAY + timedelta(hours=1)
COLLECTOR = Collector(name="សុខ ដារ៉ា", id_kind="national_id", id_number="010234567")


def stored(request):
    return ServiceRequest.objects.get(pk=request.pk)


def test_a_forwarded_request_begins_its_stage_at_the_other_office(province):
    request = RequestFactory(in_progress=True)
    visit = StageVisit.objects.get(pk=request.current_visit_id)

    forward_request(request.pk, by=SYSTEM, to_office_id=unit(), now=LATER)

    after = stored(request)
    assert (after.office_id, after.received_office_id) == (unit(), district_office())
    assert after.due_at == request.due_at
    assert after.current_visit.stage_code == visit.stage_code
    assert after.current_visit.office_id == unit()
    visit.refresh_from_db()
    assert (visit.outcome, visit.left_at) == ("forwarded", LATER)


def test_the_forwarded_event_moves_the_request_between_offices(province):
    request = RequestFactory()

    forward_request(request.pk, by=SYSTEM, to_office_id=unit(), now=LATER)

    event = RequestEvent.objects.get(request=request, kind="forwarded")
    assert (event.office_before_id, event.office_id) == (district_office(), unit())
    assert event.due_on_before == event.due_on_after == request.due_on


def test_after_forwarding_the_first_office_reads_the_file_and_moves_it_no_more(province):
    request = RequestFactory(in_progress=True)
    chief = staff("chief")
    forward_request(request.pk, by=chief, to_office_id=unit(), now=LATER)

    assert request_seen_by(chief, request.pk).office_id == unit()
    with pytest.raises(AlreadyDone, match="forwarded_away"):
        forward_request(request.pk, by=chief, to_office_id=district_office(1), now=LATER)


def test_an_office_that_never_had_the_file_finds_nothing(province):
    request = RequestFactory(in_progress=True)
    forward_request(request.pk, by=SYSTEM, to_office_id=unit(), now=LATER)
    stranger = staff("chief", office_id=district_office(1))

    with pytest.raises(NotFound):
        request_seen_by(stranger, request.pk)
    with pytest.raises(NotFound):
        forward_request(request.pk, by=stranger, to_office_id=district_office(1), now=LATER)


def test_the_queue_of_an_office_holds_only_what_lies_there(province):
    request = RequestFactory(in_progress=True)
    chief = staff("chief")
    forward_request(request.pk, by=chief, to_office_id=unit(), now=LATER)

    assert queue(chief).rows == ()
    for text in (request.tracking_code, request.applicant.full_name):
        assert [row.id for row in search(chief, text)] == [request.pk]


def test_forwarding_to_the_same_or_an_unknown_office_is_refused(province):
    request = RequestFactory()

    with pytest.raises(Invalid):
        forward_request(request.pk, by=SYSTEM, to_office_id=request.office_id, now=LATER)
    with pytest.raises(NotFound):
        forward_request(request.pk, by=SYSTEM, to_office_id=10**12, now=LATER)


def test_forwarding_what_somebody_moved_on_is_already_done(province):
    request = RequestFactory()
    seen = request.current_visit_id
    forward_request(request.pk, by=SYSTEM, to_office_id=unit(), seen_visit_id=seen, now=LATER)

    with pytest.raises(AlreadyDone):
        forward_request(
            request.pk, by=SYSTEM, to_office_id=district_office(), seen_visit_id=seen, now=LATER
        )


def test_the_collector_is_recorded_sealed(province):
    request = RequestFactory(ready=True)

    deliver_request(request.pk, by=SYSTEM, collector=COLLECTOR, now=LATER)

    after = stored(request)
    assert (after.state, after.delivered_at, after.closed_at) == (State.DELIVERED, LATER, LATER)
    assert sealing.unseal(after.collection.collector_name_sealed) == "សុខ ដារ៉ា"
    assert bytes(after.collection.id_hash) == sealing.keyed_hash("national_id:010234567")


def test_a_result_is_handed_over_once(province):
    request = RequestFactory(delivered=True)

    with pytest.raises(AlreadyDone):
        deliver_request(request.pk, by=SYSTEM, collector=COLLECTOR)


@pytest.mark.parametrize(
    ("collector", "field"),
    [
        (Collector(name=""), "collector_name"),
        (Collector(name="ដារ៉ា", id_kind="national_id", id_number="1"), "id_number"),
        (Collector(name="ដារ៉ា", id_kind="card"), "id_kind"),
    ],
)
def test_a_collector_must_be_named_properly(province, collector, field):
    request = RequestFactory(ready=True)

    with pytest.raises(Invalid) as refused:
        deliver_request(request.pk, by=SYSTEM, collector=collector, now=LATER)

    assert field in refused.value.fields


@pytest.mark.parametrize("state", ["incomplete", "charged", "in_progress", "waiting"])
@pytest.mark.parametrize("end", [reject_request, withdraw_request])
def test_every_unfinished_request_can_be_ended(province, state, end):
    request = RequestFactory(**{state: True})

    end(request.pk, by=SYSTEM, reason="សំណើរបស់ម្ចាស់", now=LATER)

    after = stored(request)
    assert after.state in {State.REJECTED, State.WITHDRAWN}
    assert (after.closed_at, after.current_visit_id) == (LATER, None)
    assert not StageVisit.objects.filter(request=request, left_at=None).exists()
    assert after.ending.note == "សំណើរបស់ម្ចាស់"


@pytest.mark.parametrize("state", ["ready", "delivered", "rejected"])
def test_a_finished_request_cannot_be_withdrawn(province, state):
    with pytest.raises(InvalidTransition):
        withdraw_request(RequestFactory(**{state: True}).pk, by=SYSTEM, now=LATER)


def test_a_rejection_needs_a_reason(province):
    request = RequestFactory()

    with pytest.raises(Invalid) as refused:
        reject_request(request.pk, by=SYSTEM, reason="  ", now=LATER)

    assert "reason" in refused.value.fields
    assert stored(request).state == State.REGISTERED


def test_a_rejection_takes_the_request_off_its_due_day(province):
    request = RequestFactory()

    rejection = reject_request(request.pk, by=SYSTEM, reason="ឯកសារក្លែងក្លាយ", now=LATER)

    event = RequestEvent.objects.get(request=request, kind="rejected")
    assert (event.due_on_before, event.due_on_after) == (request.due_on, None)
    assert (event.was_late, event.dwell_minutes) == (False, 60)
    assert rejection.refund_rule in {"keep", "full", "part"}
