"""The chief's page: every figure is the length of its list, every sign means what it says."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from owso.accounts.permissions import Role
from owso.errors import NotAllowed, NotFound
from services.cashier.actions import charge_request, take_payment
from services.cashier.tenders import Tender
from services.catalogue.queries import terms
from services.offices.actors import system_actor
from services.oversight.looks import LOOKS, NOW, SIGNS, TODAY
from services.oversight.queries import listed, morning, overseen
from services.requests.actions import (
    advance_request,
    pause_request,
    register_request,
    reject_request,
    resume_request,
)
from services.requests.models import ServiceRequest, StageVisit
from tenants import clock
from tests.factories import (
    MONDAY,
    IntakeFactory,
    RequestFactory,
    district_office,
    finish,
    staff,
    unit,
)

SYSTEM = system_actor("tests")
LATER = MONDAY + timedelta(hours=2)
STATES = (
    "incomplete", "charged", "paid", "in_progress", "waiting", "ready", "delivered", "rejected",
    "withdrawn", "overdue",
)  # fmt: skip


@pytest.fixture
def chief(province):
    return staff(Role.CHIEF)


def elsewhere(**kwargs):
    return RequestFactory(intake=IntakeFactory(office_id=district_office(1)), **kwargs)


def numbers(actor, *, now=LATER, **kwargs):
    found = morning(actor, now=now, **kwargs)
    return {figure.look.name: figure.number for figure in (*found.today, *found.now, *found.signs)}


def ids(actor, name, *, now=LATER, **kwargs):
    return {row.id for row in listed(actor, name, now=now, **kwargs).rows}


def entered_at(request, moment):
    """Let a row say when it was entered; the database's own clock says so otherwise."""
    ServiceRequest.objects.filter(pk=request.pk).update(created_at=moment)


def test_every_figure_is_the_length_of_its_list(chief):
    for state in STATES:
        RequestFactory(**({"overdue": True} if state == "overdue" else {"reach": state}))
        elsewhere()
    found = numbers(chief)
    assert {name: len(ids(chief, name)) for name in found} == found
    assert found["received"] == 8
    assert found["late"] == 1
    assert found["waiting"] == 1
    assert found["ended"] == 2
    assert found["done"] == 2


def test_a_chief_sees_the_own_offices_and_an_administrator_the_province(chief):
    here, there = RequestFactory(), elsewhere()
    administrator = staff(Role.ADMINISTRATOR, office_id=unit())
    assert ids(chief, "received") == {here.pk}
    assert ids(administrator, "received") == {here.pk, there.pk}
    assert ids(administrator, "received", office_id=here.office_id) == {here.pk}
    assert len(overseen(chief)) == 1
    assert len(overseen(administrator)) > 2


def test_another_office_and_an_unknown_list_are_the_same_nothing(chief):
    with pytest.raises(NotFound):
        morning(chief, office_id=unit(), now=LATER)
    with pytest.raises(NotFound):
        listed(chief, "late", office_id=unit(), now=LATER)
    with pytest.raises(NotFound):
        listed(chief, "everything", now=LATER)
    with pytest.raises(NotAllowed):
        morning(staff(Role.CASHIER), now=LATER)


def test_a_late_file_is_late_from_the_moment_after_its_limit(chief):
    request = RequestFactory(in_progress=True)
    assert ids(chief, "late", now=request.due_at) == set()
    assert ids(chief, "due-today", now=request.due_at) == {request.pk}
    assert ids(chief, "late", now=request.due_at + timedelta(minutes=1)) == {request.pk}
    due = StageVisit.objects.get(pk=request.current_visit_id).due_at
    assert ids(chief, "stage-late", now=due) == set()
    assert ids(chief, "stage-late", now=due + timedelta(minutes=1)) == {request.pk}


@pytest.mark.parametrize(("before", "is_sign"), [(3, True), (5, False), (-1, False)])
def test_ended_in_the_last_hours(chief, before, is_sign):
    request = RequestFactory(in_progress=True)
    ended_at = request.due_at - timedelta(hours=before)
    reject_request(request.pk, by=SYSTEM, reason="ខ្វះ", now=ended_at)
    found = ids(chief, "last-hours", now=ended_at + timedelta(days=29))
    assert found == ({request.pk} if is_sign else set())
    assert ids(chief, "last-hours", now=ended_at + timedelta(days=31)) == set()


def test_long_pauses(chief):
    request = RequestFactory()
    pause_request(request.pk, by=SYSTEM, reason="papers_missing", now=LATER)
    assert ids(chief, "long-pauses", now=LATER + timedelta(days=14)) == set()
    now = LATER + timedelta(days=14, minutes=1)
    assert ids(chief, "long-pauses", now=now) == {request.pk}
    resume_request(request.pk, by=SYSTEM, now=now)
    assert ids(chief, "long-pauses", now=now) == set()


def test_back_dating(chief):
    request, prompt = RequestFactory(), RequestFactory()
    entered_at(request, MONDAY + timedelta(days=1, minutes=1))
    entered_at(prompt, MONDAY + timedelta(days=1))
    now = MONDAY + timedelta(days=2)
    assert ids(chief, "back-dated", now=now) == {request.pk}
    assert ids(chief, "back-dated", now=now + timedelta(days=30)) == set()


def test_the_same_person_receiving_and_signing(chief):
    everything = staff(
        Role.INFORMATION_OFFICER, Role.CHIEF, Role.SIGNATORY, Role.CASHIER, Role.SPECIALIST
    )
    alone = register_request(IntakeFactory(), by=everything, now=MONDAY)
    shared = register_request(IntakeFactory(), by=staff(Role.INFORMATION_OFFICER), now=MONDAY)
    for request in (alone, shared):
        _sign(request.pk, everything)
    assert ids(chief, "same-person", now=LATER + timedelta(days=6)) == {alone.pk}
    assert ids(chief, "same-person", now=LATER + timedelta(days=9)) == set()


def _sign(request_id, by):
    """Finish a file, its review and signature by this person's hand."""
    charge = charge_request(request_id, by=SYSTEM, now=MONDAY)
    take_payment(charge.pk, tender=Tender(), by=SYSTEM, idempotency_key=uuid4(), now=MONDAY)
    finish(request_id, by=SYSTEM, now=LATER)
    StageVisit.objects.filter(
        request_id=request_id, actor_role__in=[Role.CHIEF, Role.SIGNATORY]
    ).update(handled_by_id=by.user_id)


def test_late_by_stage_and_by_person_lead_to_their_files(chief):
    request = RequestFactory()
    agent = staff(Role.AGENT, sector_id=_sector(request))
    visit = StageVisit.objects.get(pk=request.current_visit_id)
    now = visit.due_at + timedelta(hours=1)
    found = morning(chief, now=now)
    assert [(row.code, row.open, row.late) for row in found.stages] == [(visit.stage_code, 1, 1)]
    assert ids(chief, "late-stage", now=now, stage=visit.stage_code) == {request.pk}
    assert ids(chief, "late-stage", now=now, stage="other") == set()

    advance_request(request.pk, by=agent, seen_visit_id=None, now=now)

    (person,) = morning(chief, now=now + timedelta(days=1)).people
    assert (person.user_id, person.late) == (agent.user_id, 1)
    assert ids(chief, "late-person", now=now, person=agent.user_id) == {request.pk}
    assert ids(chief, "late-person", now=now, person=0) == set()


def _sector(request):
    return terms(request.service_version_id).sector_id


def test_money_of_the_day_by_how_it_came(chief):
    RequestFactory()
    RequestFactory()
    elsewhere()
    (money,) = morning(chief, now=LATER).money
    assert (money.count, money.riel, money.currency) == (2, 10_000, "KHR")
    assert morning(chief, now=LATER + timedelta(days=1)).money == ()
    assert len(ids(chief, "paid")) == 2


def test_the_day_begins_at_midnight_in_cambodia(chief):
    night = datetime(2025, 6, 24, 0, 30, tzinfo=clock.LOCAL)
    RequestFactory(started=night)
    assert numbers(chief, now=night + timedelta(hours=1))["received"] == 1
    assert numbers(chief, now=night - timedelta(hours=1))["received"] == 0


def test_who_waits_longest_comes_first(chief):
    second, first = RequestFactory(), RequestFactory(started=MONDAY - timedelta(days=3))
    RequestFactory(ready=True, started=MONDAY - timedelta(days=9))
    assert [row.id for row in morning(chief, now=LATER).longest] == [first.pk, second.pk]


def test_lists_are_paged_without_gaps(chief):
    made = {RequestFactory().pk for _ in range(5)}
    first = listed(chief, "received", now=LATER, limit=2)
    rest = listed(chief, "received", now=LATER, after=first.following)
    assert [row.id for row in (*first.rows, *rest.rows)] == sorted(made, reverse=True)
    assert rest.following is None


def test_the_number_of_queries_does_not_grow(chief):
    RequestFactory(overdue=True)
    with CaptureQueriesContext(connection) as few:
        morning(chief, now=LATER)
    for _ in range(6):
        RequestFactory(overdue=True)
    with CaptureQueriesContext(connection) as many:
        morning(chief, now=LATER)
    assert len(few) == len(many) == 7


def test_each_list_says_what_is_in_it():
    for look in LOOKS.values():
        assert len(str(look.definition)) > 20
    assert len(LOOKS) == len(TODAY) + len(NOW) + len(SIGNS) + 3
