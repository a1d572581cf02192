"""Handing a request to another office of the province."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid
from services.calendars.deadlines import add_working_minutes
from services.offices import queries as offices
from services.offices.actors import Actor
from services.requests import notices
from services.requests.actions.registering import check_order
from services.requests.actions.stages import LEFT, leave
from services.requests.events import event, left_facts, open_day
from services.requests.locking import bump, lock_for, visit_to_leave
from services.requests.models import EventKind, Outcome, ServiceRequest, StageVisit
from services.requests.planning import office_calendar
from services.requests.texts import checked_now
from services.requests.trail import trace
from services.requests.writing import write_together

_FORWARDED = ("office", "current_visit", "version")


def forward_request(
    request_id: int,
    *,
    by: Actor,
    to_office_id: int,
    seen_visit_id: int | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """Move a request to another office, where its current stage begins again.

    The legal limit and the promised day stay as they were: forwarding is the offices' affair
    and takes nothing from the citizen. Later pauses count in the new office's working hours.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, _terms = lock_for("forward", request_id, by=by, seen_visit_id=seen_visit_id)
        office = offices.office(to_office_id)
        if office.id == request.office_id or not office.is_active:
            message = _("Choose another office that receives requests.")
            raise Invalid("office_invalid", message, fields={"office": message})
        visit, next_id = visit_to_leave(request)
        check_order(visit.entered_at, moment)
        leave(visit, Outcome.FORWARDED, by=by, now=moment)
        _move(request, visit, office.id, visit_id=next_id, by=by, now=moment)
        notices.announce()
    return request


def _move(
    request: ServiceRequest,
    left: StageVisit,
    office_id: int,
    *,
    visit_id: int,
    by: Actor,
    now: datetime,
) -> None:
    office_before, due_on = request.office_id, open_day(request)
    request.office_id = office_id
    request.current_visit_id = visit_id
    bump(request)
    visit = _visit_at(request, left, visit_id=visit_id, now=now)
    forwarded = event(
        request,
        EventKind.FORWARDED,
        now=now,
        office_id=office_id,
        office_before_id=office_before,
        stage_entered=visit.stage_code,
        due_on_before=due_on,
        due_on_after=due_on,
        **left_facts(left),
    )
    entry = trace(by, "forward", request, before=request.state, office_before=office_before)
    write_together(visit, forwarded, entry, updates=[(left, LEFT), (request, _FORWARDED)])


def _visit_at(
    request: ServiceRequest, left: StageVisit, *, visit_id: int, now: datetime
) -> StageVisit:
    calendar = office_calendar(request.office_id)
    return StageVisit(
        id=visit_id,
        request_id=request.pk,
        sequence=left.sequence + 1,
        stage_code=left.stage_code,
        stage_id=left.stage_id,
        office_id=request.office_id,
        actor_role=left.actor_role,
        entered_at=now,
        planned_minutes=left.planned_minutes,
        due_at=add_working_minutes(now, left.planned_minutes, calendar),
    )
