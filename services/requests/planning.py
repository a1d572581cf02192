"""The two days a request is given when its clock starts: the legal limit and the promise."""

from dataclasses import dataclass
from datetime import datetime

from services.calendars.deadlines import WorkingCalendar, add_working_days, add_working_minutes
from services.catalogue.terms import StageTerms, VersionTerms
from services.offices.calendars import calendar_of
from services.requests.models import ServiceRequest, StageVisit
from tenants import clock


@dataclass(frozen=True, slots=True)
class Plan:
    """`due_at` binds the office by law, `promised_at` comes from the stages and is not later."""

    due_at: datetime
    promised_at: datetime


def plan(terms: VersionTerms, calendar: WorkingCalendar, *, start: datetime) -> Plan:
    """Return the deadlines of a request whose clock starts now."""
    due_at = add_working_days(start, terms.limit_days, calendar)
    minutes = sum(stage.limit_minutes for stage in terms.stages)
    return Plan(due_at, min(due_at, add_working_minutes(start, minutes, calendar)))


def office_calendar(office_id: int) -> WorkingCalendar:
    """Return the working calendar of an office of the current province."""
    return calendar_of(office_id)


def start_clock(request: ServiceRequest, terms: VersionTerms, *, now: datetime) -> None:
    """Set the deadlines of a request that is registered at this moment."""
    days = plan(terms, office_calendar(request.office_id), start=now)
    request.registered_at = now
    request.promised_at = days.promised_at
    set_due(request, days.due_at)


def set_due(request: ServiceRequest, due_at: datetime) -> None:
    """Set the legal limit and the local day it falls on."""
    request.due_at = due_at
    request.due_on = clock.local_day(due_at)


def new_visit(
    request: ServiceRequest,
    stage: StageTerms,
    *,
    id: int,  # noqa: A002 - a column
    sequence: int,
    now: datetime,
) -> StageVisit:
    """Return the visit of a stage at the request's office, due after its own limit."""
    calendar = office_calendar(request.office_id)
    return StageVisit(
        id=id,
        request_id=request.pk,
        sequence=sequence,
        stage_code=stage.code,
        stage_id=stage.id,
        office_id=request.office_id,
        actor_role=stage.actor_role,
        entered_at=now,
        planned_minutes=stage.limit_minutes,
        due_at=add_working_minutes(now, stage.limit_minutes, calendar),
    )
