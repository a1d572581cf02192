"""The ladder: each step once, in the office's working time, to the right people."""

from datetime import date, timedelta

import pytest
from django.db import connection

from owso.accounts.models import User
from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from owso.errors import Invalid, NotAllowed, NotFound
from services.calendars.deadlines import (
    add_working_days,
    add_working_minutes,
    subtract_working_minutes,
)
from services.calendars.queries import clear_caches
from services.catalogue.models import Sector
from services.catalogue.queries import terms as terms_of
from services.escalation.actions import escalate
from services.escalation.models import Escalation, EscalationRule, Notice
from services.escalation.queries import notices_of, unread_count
from services.escalation.rules import set_rule
from services.escalation.tasks import escalate_province
from services.escalation.telling import read_notices
from services.offices import actions as offices
from services.offices.actors import system_actor
from services.offices.calendars import calendar_of
from services.offices.models import Closure
from services.requests.actions import (
    advance_request,
    keep_deadlines,
    pause_request,
    resume_request,
)
from services.requests.models import StageVisit
from tenants.context import in_province, province_by_code
from tests.factories import MONDAY, RequestFactory, UserFactory, district_office, staff, unit
from tests.services.cashier.test_concurrency import at_once

SYSTEM = system_actor("tests")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def request_(province):
    """A request in its first stage, which an agent holds."""
    return RequestFactory()


def visit_of(request):
    return StageVisit.objects.get(request=request, left_at=None)


def steps(request):
    found = Escalation.objects.filter(visit__request=request).order_by("step")
    return list(found.values_list("step", flat=True))


def people_of(request, step):
    found = Notice.objects.filter(escalation__visit__request=request, escalation__step=step)
    return set(found.values_list("user_id", flat=True))


def sector_of(request):
    return terms_of(request.service_version_id).sector_id


def agent(request, **where):
    return staff(Role.AGENT, sector_id=sector_of(request), **where).user_id


def working_days_after(request, days):
    """The moment that many working days after the limit of the stage, and a minute more."""
    calendar = calendar_of(request.office_id)
    minutes = days * (calendar.usual_day // MINUTE)
    return add_working_minutes(visit_of(request).due_at, minutes, calendar) + MINUTE


def working_days_before(request, days):
    calendar = calendar_of(request.office_id)
    minutes = days * (calendar.usual_day // MINUTE)
    return subtract_working_minutes(visit_of(request).due_at, minutes, calendar)


def test_the_usual_ladder_is_there(province):
    assert list(EscalationRule.objects.values_list("offset_days", flat=True)) == [-1, 0, 1, 3]


def test_the_holder_is_reminded_one_working_day_before_and_not_earlier(request_):
    holder = agent(request_)
    reminded_at = working_days_before(request_, 1)
    assert escalate(by=SYSTEM, now=reminded_at - MINUTE) == 0
    assert escalate(by=SYSTEM, now=reminded_at) == 1
    assert steps(request_) == [-1]
    assert people_of(request_, -1) == {holder}


def test_a_stage_shorter_than_the_reminders_lead_is_not_reminded(province):
    request = RequestFactory()
    StageVisit.objects.filter(request=request).update(planned_minutes=60)
    assert escalate(by=SYSTEM, now=working_days_before(request, 1)) == 0


def test_each_rung_tells_its_people_and_nobody_else(request_):
    holder, chief = agent(request_), staff(Role.CHIEF).user_id
    administrator = staff(Role.ADMINISTRATOR, office_id=unit()).user_id
    staff(Role.CASHIER)
    staff(Role.CHIEF, office_id=district_office(1))
    agent(request_, office_id=district_office(1))
    for days in (0, 1, 3):
        escalate(by=SYSTEM, now=working_days_after(request_, days))
    assert people_of(request_, 0) == {holder, chief}
    assert people_of(request_, 1) == {chief}
    assert people_of(request_, 3) == {administrator}


def test_nothing_is_said_twice_however_often_one_looks(request_):
    agent(request_)
    now = working_days_after(request_, 0)
    assert escalate(by=SYSTEM, now=now) == 2
    assert escalate(by=SYSTEM, now=now) == 0
    assert escalate(by=SYSTEM, now=now + timedelta(hours=1)) == 0


def test_of_several_steps_due_at_once_only_the_last_is_told(request_):
    holder, chief = agent(request_), staff(Role.CHIEF).user_id
    administrator = staff(Role.ADMINISTRATOR, office_id=unit()).user_id
    assert escalate(by=SYSTEM, now=working_days_after(request_, 3)) == 4
    assert steps(request_) == [-1, 0, 1, 3]
    assert set(Notice.objects.values_list("user_id", flat=True)) == {administrator}
    assert holder != chief


def test_an_office_without_the_people_of_a_step_is_told_to_the_administrator(request_):
    administrator = staff(Role.ADMINISTRATOR, office_id=unit()).user_id
    escalate(by=SYSTEM, now=working_days_after(request_, 1))
    assert people_of(request_, 1) == {administrator}


def test_closed_accounts_are_told_nothing(request_):
    User.objects.filter(pk=agent(request_)).update(is_active=False)
    escalate(by=SYSTEM, now=working_days_before(request_, 1))
    assert Notice.objects.count() == 0


def test_an_agent_of_another_sector_is_told_nothing(request_):
    other = Sector.objects.exclude(pk=sector_of(request_)).first()
    staff(Role.AGENT, sector_id=other.pk)
    holder = agent(request_)
    escalate(by=SYSTEM, now=working_days_before(request_, 1))
    assert people_of(request_, -1) == {holder}


def test_a_waiting_file_takes_no_step_until_it_goes_on(request_):
    agent(request_)
    paused_at = MONDAY + timedelta(hours=1)
    pause_request(request_.pk, by=SYSTEM, reason="papers_missing", now=paused_at)
    late = working_days_after(request_, 5)
    assert escalate(by=SYSTEM, now=late) == 0

    resume_request(request_.pk, by=SYSTEM, now=late)

    assert escalate(by=SYSTEM, now=late + MINUTE) == 0
    assert escalate(by=SYSTEM, now=working_days_before(request_, 1)) == 1


def test_a_step_taken_before_a_pause_is_not_taken_again_after_it(request_):
    agent(request_)
    reminded_at = working_days_before(request_, 1)
    escalate(by=SYSTEM, now=reminded_at)
    pause_request(request_.pk, by=SYSTEM, reason="papers_missing", now=reminded_at)
    resume_request(request_.pk, by=SYSTEM, now=reminded_at + timedelta(days=7))
    assert escalate(by=SYSTEM, now=working_days_before(request_, 1)) == 0
    assert steps(request_) == [-1]


def test_a_closed_day_in_between_moves_the_steps_that_are_still_to_come(request_):
    agent(request_)
    before = working_days_before(request_, 1)
    closed = add_working_days(MONDAY, 1, calendar_of(request_.office_id)).date()
    offices.close_offices([request_.office_id], [closed], reason_km="ទឹកជំនន់", by=SYSTEM, now=MONDAY)
    Notice.objects.all().delete()
    assert escalate(by=SYSTEM, now=before) == 0
    assert escalate(by=SYSTEM, now=working_days_before(request_, 1)) == 1


def test_the_ladder_counts_the_offices_own_working_time(request_):
    """Friday's close and Monday's opening are one moment of working time apart."""
    staff(Role.CHIEF)
    due = visit_of(request_).due_at
    StageVisit.objects.filter(request=request_).update(due_at=_friday_close(request_))
    late = visit_of(request_).due_at
    assert due != late
    weekend = late + timedelta(days=1, hours=20)
    escalate(by=SYSTEM, now=weekend)
    assert steps(request_) == [-1, 0]
    escalate(by=SYSTEM, now=late + timedelta(days=3))
    assert steps(request_) == [-1, 0, 1]


def _friday_close(request):
    return calendar_of(request.office_id).closes(date(2025, 6, 27))


def test_the_next_stage_has_steps_of_its_own(request_):
    agent(request_)
    escalate(by=SYSTEM, now=working_days_after(request_, 0))
    first = visit_of(request_)
    advance_request(request_.pk, by=SYSTEM, seen_visit_id=None, now=working_days_after(request_, 0))
    assert escalate(by=SYSTEM, now=working_days_after(request_, 0)) >= 1
    assert Escalation.objects.filter(visit=first).count() == 2
    assert Escalation.objects.exclude(visit=first).exists()


def test_finished_files_take_no_step(province):
    for state in ("ready", "delivered", "rejected", "withdrawn", "incomplete"):
        RequestFactory(reach=state)
    assert escalate(by=SYSTEM, now=MONDAY + timedelta(days=300)) == 0


def test_batches_take_everything(province):
    for _ in range(5):
        RequestFactory()
    now = MONDAY + timedelta(days=300)
    assert escalate(by=SYSTEM, now=now, batch=3) == 20
    assert Escalation.objects.filter(is_told=True).count() == 5
    assert AuditEntry.objects.filter(verb="escalate").count() == 7


def test_two_workers_at_once_say_everything_once(committed):
    with in_province(province_by_code("01")) as province:
        requests = [RequestFactory() for _ in range(4)]
        people = [agent(requests[0]), staff(Role.CHIEF).user_id]
        now = working_days_after(requests[0], 0)
        results = at_once(province, *[lambda: escalate(by=SYSTEM, now=now) for _ in range(4)])
        assert sum(results) == 8
        assert Escalation.objects.count() == 8
        assert Notice.objects.count() == 4 * len(people)
    clear_caches()


def test_the_task_keeps_the_days_and_takes_the_steps(committed):
    with in_province(province_by_code("01")):
        overdue = RequestFactory(overdue=True)
        keep_deadlines(by=SYSTEM)
    escalate_province("p01")
    with in_province(province_by_code("01")):
        assert steps(overdue) == [-1, 0, 1, 3]
        assert AuditEntry.objects.get(verb="escalate").actor_name == "escalation"


def test_a_closed_day_is_told_once_to_everybody_there(province):
    here = staff(Role.CASHIER, Role.INFORMATION_OFFICER).user_id
    staff(Role.CASHIER, office_id=district_office(1))
    day = (MONDAY + timedelta(days=1)).date()
    offices.close_offices([district_office()], [day], reason_km="ទឹកជំនន់", by=SYSTEM, now=MONDAY)
    notice = Notice.objects.get()
    assert (notice.user_id, notice.closure.day) == (here, day)


def test_a_closed_day_that_is_taken_back_is_told_with_the_deadlines_that_moved(province):
    here = staff(Role.CASHIER, Role.INFORMATION_OFFICER).user_id
    staff(Role.CASHIER, office_id=district_office(1))
    RequestFactory()
    day = (MONDAY + timedelta(days=1)).date()
    offices.close_offices([district_office()], [day], reason_km="ទឹកជំនន់", by=SYSTEM, now=MONDAY)

    moved = offices.reopen_day(district_office(), day, by=SYSTEM, now=MONDAY)

    notice = Notice.objects.get()
    assert (notice.user_id, notice.kind, notice.day) == (here, "reopened", day)
    assert (notice.office_id, notice.moved) == (district_office(), moved)
    assert moved == 1
    (row,) = notices_of(here).rows
    assert (row.reopened, row.office_id) == (day, district_office())
    # A day that was never closed is taken back by nobody and told to nobody.
    assert offices.reopen_day(district_office(), day, by=SYSTEM, now=MONDAY) == 0
    assert Notice.objects.count() == 1


def test_notices_are_read_one_by_one_or_all(request_):
    holder = staff(Role.AGENT, sector_id=sector_of(request_))
    RequestFactory()
    escalate(by=SYSTEM, now=working_days_before(request_, 1))
    assert unread_count(holder.user_id) == 2
    first = notices_of(holder.user_id).rows[0]
    assert read_notices(by=holder, notice_id=first.id) == 1
    assert unread_count(holder.user_id) == 1
    assert read_notices(by=holder) == 1
    assert read_notices(by=holder) == 0
    assert all(row.is_read for row in notices_of(holder.user_id).rows)


def test_somebody_elses_notice_is_not_found(request_):
    agent(request_)
    escalate(by=SYSTEM, now=working_days_before(request_, 1))
    with pytest.raises(NotFound):
        read_notices(by=staff(Role.CASHIER), notice_id=Notice.objects.get().pk)
    assert Notice.objects.get().read_at is None


def test_the_list_is_paged_newest_first(province):
    user = UserFactory()
    made = [_closure_notice(user, place) for place in range(5)]
    page = notices_of(user.pk, limit=2)
    rest = notices_of(user.pk, after=page.following, limit=10)
    assert [row.id for row in (*page.rows, *rest.rows)] == sorted(made, reverse=True)


def _closure_notice(user, place):
    closure = Closure.objects.create(
        office_id=district_office(),
        day=date(2025, 7, 1) + timedelta(days=place),
        reason_km="ទឹកជំនន់",
        recorded_at=MONDAY,
    )
    notice = Notice.objects.create(user=user, kind="closure", closure=closure, created_at=MONDAY)
    return notice.pk


def test_an_administrator_changes_the_ladder(province):
    by = staff(Role.ADMINISTRATOR, office_id=unit())
    set_rule(2, by=by, told=frozenset({"tells_chief"}))
    set_rule(3, by=by, told=frozenset())
    found = dict(EscalationRule.objects.values_list("offset_days", "tells_chief"))
    assert found == {-1: False, 0: True, 1: True, 2: True}


def test_a_step_out_of_reach_and_a_stranger_are_refused(province):
    by = staff(Role.ADMINISTRATOR, office_id=unit())
    with pytest.raises(Invalid, match="rule_invalid"):
        set_rule(91, by=by, told=frozenset({"tells_chief"}))
    with pytest.raises(NotAllowed):
        set_rule(2, by=staff(Role.CHIEF), told=frozenset({"tells_chief"}))


def test_a_step_is_unique_in_the_database_too(request_):
    escalate(by=SYSTEM, now=working_days_after(request_, 0))
    step = Escalation.objects.first()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO escalation_escalation (visit_id, step, limit_at, taken_at, is_told)"
            " VALUES (%s, %s, now(), now(), true) ON CONFLICT DO NOTHING",
            [step.visit_id, step.step],
        )
        assert cursor.rowcount == 0
