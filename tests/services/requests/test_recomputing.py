"""Days that change later move what is open: national holidays, stale processes, the figures."""

from datetime import timedelta

import pytest
from django.utils import translation

from analytics.folding import fold
from analytics.verification import verify
from owso.audit.models import AuditEntry
from services.calendars.queries import calendar_for, clear_caches
from services.offices import actions
from services.offices.actors import system_actor
from services.offices.calendars import calendar_from, calendar_of
from services.offices.models import CalendarMark, Office
from services.offices.queries import forget_offices
from services.requests.actions import (
    advance_request,
    forward_request,
    keep_deadlines,
    recompute_deadlines,
)
from services.requests.events import told_kind
from services.requests.models import RequestEvent, ServiceRequest, StageVisit
from services.requests.reckoning import days_of
from tenants.context import in_province, province_by_code
from tests.databases import owner_connection
from tests.factories import (
    MONDAY,
    IntakeFactory,
    RequestFactory,
    district_office,
    working_minutes_later,
)
from tests.services.cashier.test_concurrency import at_once

SYSTEM = system_actor("tests")
NEXT_DAY = MONDAY.date() + timedelta(days=1)
NOON = MONDAY + timedelta(hours=3)
STATES = ("incomplete", "charged", "paid", "in_progress", "waiting", "ready", "delivered")


@pytest.fixture
def real(committed):
    """Stand in a province whose rows are really committed, its calendars noted."""
    with in_province(province_by_code("01")) as province:
        keep_deadlines(by=SYSTEM, now=MONDAY)
        yield province
    clear_caches()


def add_holiday(day=NEXT_DAY):
    """Let the ministry add a holiday at short notice."""
    with owner_connection() as db:
        db.execute(
            "INSERT INTO public.calendars_holiday (day, name_km, name_en, source, is_added)"
            " VALUES (%s, 'ថ្ងៃឈប់សម្រាកបន្ថែម', 'An added holiday', 'sub-decree', true)",
            [day],
        )
    clear_caches()


def close(now=NOON):
    return actions.close_offices(
        [district_office()], [NEXT_DAY], reason_km="ទឹកជំនន់", by=SYSTEM, now=now
    )


def stored(request):
    return ServiceRequest.objects.get(pk=request.pk)


def moves(request):
    return RequestEvent.objects.filter(request=request, kind="resumed").count()


def test_a_holiday_added_later_moves_every_open_request_once(real):
    requests = [RequestFactory(), RequestFactory(in_progress=True)]
    add_holiday()

    assert keep_deadlines(by=SYSTEM, now=NOON) == 2
    assert keep_deadlines(by=SYSTEM, now=NOON) == 0

    for request in requests:
        assert stored(request).due_at > request.due_at
        assert moves(request) == 1


def test_the_figures_are_equal_after_days_moved_in_every_state(real):
    for state in STATES:
        RequestFactory(reach=state)
    fold(real)
    close()
    add_holiday(NEXT_DAY + timedelta(days=1))
    assert keep_deadlines(by=SYSTEM, now=NOON) > 0
    assert verify(real).differences == ()
    fold(real)
    assert verify(real).differences == ()
    with in_province(real):
        actions.reopen_day(district_office(), NEXT_DAY, by=SYSTEM, now=NOON)
    fold(real)
    assert verify(real).differences == ()


def test_what_a_process_that_did_not_know_registered_is_found_later(real):
    add_holiday()
    keep_deadlines(by=SYSTEM, now=NOON)
    stale = RequestFactory()
    right = stored(stale).due_at
    old = CalendarMark.objects.get(pk=stale.office_id).before[-1]
    wrong = days_of(
        ServiceRequest.objects.select_related("current_visit").get(pk=stale.pk),
        [],
        calendar_from(old),
    )
    ServiceRequest.objects.filter(pk=stale.pk).update(
        due_at=wrong.due_at, promised_at=wrong.promised_at
    )

    assert keep_deadlines(by=SYSTEM, now=NOON + timedelta(seconds=60)) == 0
    assert keep_deadlines(by=SYSTEM, now=NOON + timedelta(seconds=91)) == 1

    assert stored(stale).due_at == right
    assert CalendarMark.objects.get(pk=stale.office_id).before == []


def test_a_forwarded_file_moves_with_the_days_of_the_office_that_holds_it(real):
    request = RequestFactory(intake=IntakeFactory(office_id=district_office(1)))
    forward_request(request.pk, by=SYSTEM, to_office_id=district_office(), now=NOON)
    before = stored(request)

    close()

    assert stored(request).due_on > before.due_on
    assert stored(request).office_id == district_office()


def test_the_limit_of_the_stage_moves_too(real):
    request = RequestFactory()
    advance_request(request.pk, by=SYSTEM, seen_visit_id=None, now=NOON)
    visit = StageVisit.objects.get(request=request, left_at=None)

    close()

    after = StageVisit.objects.get(pk=visit.pk)
    expected = working_minutes_later(request.office_id, visit.entered_at, visit.planned_minutes)
    assert after.due_at == expected
    assert after.due_at > visit.due_at


def test_two_workers_at_once_move_nothing_twice(real):
    requests = [RequestFactory() for _ in range(3)]
    add_holiday()

    results = at_once(real, *[lambda: keep_deadlines(by=SYSTEM, now=NOON) for _ in range(2)])

    assert sorted(results) == [0, 3]
    assert [moves(request) for request in requests] == [1, 1, 1]


def test_each_move_is_in_the_trail(real):
    request = RequestFactory()
    close()
    entry = AuditEntry.objects.get(verb="move_deadline")
    assert entry.object_id == str(request.pk)
    assert entry.changes["due_on"] == str(stored(request).due_on)
    assert AuditEntry.objects.get(verb="recompute_deadlines").changes["moved"] == 1
    assert AuditEntry.objects.get(verb="close_office").changes["days"] == [NEXT_DAY.isoformat()]


def test_the_file_says_that_the_offices_days_changed(real):
    request = RequestFactory()
    close()
    moved, paused = RequestEvent.objects.get(request=request, kind="resumed"), RequestEvent()
    paused.kind = "paused"
    with translation.override("km"):
        assert "ថ្ងៃធ្វើការ" in told_kind(moved)
        assert told_kind(paused) != told_kind(moved)


def test_an_office_without_opening_times_does_not_stop_the_others(real):
    RequestFactory()
    with owner_connection() as db:
        db.execute(
            "INSERT INTO public.calendars_officehours (code, name_km, name_en)"
            " VALUES ('never', 'មិនបើក', 'Never')"
        )
        db.execute(
            "UPDATE p01.offices_office SET office_hours_id ="
            " (SELECT id FROM public.calendars_officehours WHERE code = 'never')"
            " WHERE code = '0100'"
        )
    forget_offices()
    add_holiday()
    assert keep_deadlines(by=SYSTEM, now=NOON) == 1


def test_reckoning_again_without_a_change_does_nothing(province):
    request = RequestFactory()
    assert recompute_deadlines(request.office_id, by=SYSTEM, now=NOON) == 0
    assert moves(request) == 0


def test_the_shared_hours_without_own_days_are_the_same_object(province):
    office = Office.objects.get(pk=district_office())
    assert calendar_of(office.pk) is calendar_for(office.office_hours_id)
