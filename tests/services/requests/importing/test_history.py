"""What the action writes for a case of an older register: states, visits, events, deadlines."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Count

from owso.audit.models import AuditEntry
from owso.errors import Invalid, NotAllowed
from services.catalogue.queries import published_version
from services.offices.actors import Actor, system_actor
from services.requests import queries
from services.requests.actions import advance_request
from services.requests.actions.importing import (
    PastRequest,
    PastStage,
    import_request,
    import_requests,
)
from services.requests.models import Ending, RequestEvent, ServiceRequest, StageVisit
from services.requests.states import State
from services.requests.tracking import tracking
from tenants import clock
from tests.factories import unit

SYSTEM = system_actor("test")
START = datetime(2024, 5, 6, 2, tzinfo=UTC)


def past(reference: str = "A", **changes) -> PastRequest:
    """A case that took ten days with two stages, due after thirty."""
    given = {
        "source": "paper",
        "source_ref": reference,
        "office_id": unit(),
        "terms": published_version("CON-P-001", on=clock.today()),
        "received_at": START,
        "due_at": START + timedelta(days=30),
        "ended_at": START + timedelta(days=10, seconds=59),
        "stages": (
            PastStage("check", START + timedelta(days=2)),
            PastStage("own-stage", START + timedelta(days=9)),
        ),
    }
    return PastRequest(**{**given, **changes})


def ledger(request: ServiceRequest) -> list[tuple]:
    return list(
        RequestEvent.objects.filter(request=request)
        .order_by("id")
        .values_list("kind", "stage_left", "dwell_minutes", "stage_entered", "duration_minutes")
    )


def open_by_day(request: ServiceRequest) -> dict:
    counts: dict = {}
    for event in RequestEvent.objects.filter(request=request):
        for day, step in ((event.due_on_before, -1), (event.due_on_after, 1)):
            if day is not None:
                counts[day] = counts.get(day, 0) + step
    return {day: n for day, n in counts.items() if n}


def test_a_finished_case_has_its_true_times_and_whole_minutes(province):
    request = import_request(past(), by=SYSTEM)
    day = 24 * 60
    assert ledger(request) == [
        ("registered", "", None, "check", None),
        ("advanced", "check", 2 * day, "own-stage", None),
        ("advanced", "own-stage", 7 * day, "", None),
        ("ready", "", None, "", 10 * day),
        ("delivered", "", None, "", None),
    ]
    stored = ServiceRequest.objects.get(pk=request.pk)
    assert (stored.state, stored.applicant, stored.current_visit) == (State.DELIVERED, None, None)
    assert stored.registered_at == START
    assert open_by_day(request) == {}
    assert RequestEvent.objects.filter(request=request, is_imported=True).count() == 5


def test_an_open_case_counts_under_its_due_day_and_can_go_on(province):
    request = import_request(past(ended_at=None), by=SYSTEM)
    assert open_by_day(request) == {request.due_on: 1}
    visit = StageVisit.objects.get(pk=request.current_visit_id)
    assert (visit.stage_code, visit.sequence) == (past().terms.stages[0].code, 3)
    advance_request(request.pk, by=SYSTEM, seen_visit_id=visit.pk)
    request.refresh_from_db()
    assert request.state == State.IN_PROGRESS
    assert open_by_day(request) == {request.due_on: 1}


def test_without_a_planned_end_the_limit_of_the_service_holds(province):
    request = import_request(past(due_at=None, ended_at=None), by=SYSTEM)
    assert request.due_at > START + timedelta(days=past().terms.limit_days - 1)


def test_an_end_after_the_limit_is_late_and_one_on_it_is_not(province):
    due_at = START + timedelta(days=30)
    for reference, ended_at, was_late in (
        ("on", due_at, False),
        ("late", due_at + timedelta(milliseconds=1), True),
    ):
        request = import_request(past(reference, ended_at=ended_at), by=SYSTEM)
        ready = RequestEvent.objects.get(request=request, kind="ready")
        assert ready.was_late is was_late


def test_stages_after_the_end_stay_visits_of_a_closed_request(province):
    ended_at = START + timedelta(days=3)
    request = import_request(past(ended_at=ended_at), by=SYSTEM)
    kinds = [row[0] for row in ledger(request)]
    assert kinds == ["registered", "advanced", "ready", "delivered", "advanced"]
    assert open_by_day(request) == {}
    assert StageVisit.objects.filter(request=request, left_at__gt=ended_at).count() == 1


@pytest.mark.parametrize("ended_as", [State.REJECTED, State.WITHDRAWN])
def test_a_refused_or_withdrawn_case_ends_as_such(province, ended_as):
    request = import_request(past(ended_as=ended_as), by=SYSTEM)
    assert ServiceRequest.objects.get(pk=request.pk).state == ended_as
    assert ledger(request)[-1][0] == ended_as
    assert Ending.objects.get().request_id == request.pk
    assert open_by_day(request) == {}


def test_a_case_may_have_no_stages(province):
    request = import_request(past(stages=()), by=SYSTEM)
    assert [row[0] for row in ledger(request)] == ["registered", "ready", "delivered"]


def test_the_same_case_cannot_be_written_twice(province):
    import_request(past(), by=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        import_requests([past("B"), past("A")], by=SYSTEM)
    assert ServiceRequest.objects.count() == 1


def test_a_request_of_the_counter_needs_an_applicant(province):
    request = import_request(past(), by=SYSTEM)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceRequest.objects.filter(pk=request.pk).update(source="", source_ref="")


def test_somebody_without_the_right_cannot_import(province):
    with pytest.raises(NotAllowed):
        import_request(past(), by=Actor(user_id=None, name="nobody"))
    assert not ServiceRequest.objects.exists()


def test_an_end_that_is_no_end_is_refused(province):
    with pytest.raises(Invalid):
        import_request(past(ended_as=State.WAITING), by=SYSTEM)


def test_every_imported_request_leaves_one_audit_entry(province):
    import_requests([past("A"), past("B", channel="Desk")], by=SYSTEM)
    entries = AuditEntry.objects.filter(verb="import").values("object_id").annotate(n=Count("id"))
    assert [entry["n"] for entry in entries] == [1, 1]
    assert AuditEntry.objects.filter(verb="import", changes__channel="Desk").count() == 1


def test_an_imported_request_is_found_on_the_tracking_page_and_in_lists(province):
    done = import_request(past("A"), by=SYSTEM)
    going = import_request(past("B", ended_at=None), by=SYSTEM)
    seen = tracking(done.tracking_code)
    assert seen is not None
    assert [visit.stage_code for visit in seen.visits] == ["check", "own-stage"]
    (row,) = queries.queue(SYSTEM).rows
    assert (row.id, row.applicant) == (going.pk, "")
