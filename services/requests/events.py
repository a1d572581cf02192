"""Builds the rows every action leaves behind: the event for the figures, the audit entry."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from services.requests.models import EventKind, RequestEvent, ServiceRequest, StageVisit
from services.requests.states import CLOCK_RUNS, CLOCK_STOPPED, State
from tenants import clock

MINUTE = 60


def event(
    request: ServiceRequest, kind: EventKind, *, now: datetime, office_id: int, **facts: Any
) -> RequestEvent:
    """Return the event of something that happened to a request at an office."""
    return RequestEvent(
        request_id=request.pk,
        kind=kind,
        occurred_at=now,
        occurred_on=clock.local_day(now),
        office_id=office_id,
        service_id=request.service_id,
        service_version_id=request.service_version_id,
        is_imported=request.is_imported,
        **facts,
    )


def open_day(request: ServiceRequest) -> date | None:
    """Return the due day a request is counted under, None when it is not open."""
    if request.state == State.WAITING:
        return CLOCK_STOPPED
    return request.due_on if request.state in CLOCK_RUNS else None


def told_kind(happened: RequestEvent) -> str:
    """Say in the reader's language what happened; a moved due day is told as what it is."""
    has_waited = happened.due_on_before == CLOCK_STOPPED
    if happened.kind == EventKind.RESUMED and not has_waited:
        return _("The days of the office changed, and with them the legal limit")
    return str(EventKind(happened.kind).label)


def left_facts(visit: StageVisit) -> dict[str, Any]:
    """Return what an event says about a stage that was left."""
    assert visit.left_at is not None
    return {
        "stage_left": visit.stage_code,
        "dwell_minutes": visit.dwell_minutes,
        "stage_was_late": visit.left_at > visit.due_at,
    }


def whole_minutes(start: datetime, end: datetime) -> int:
    """Return the elapsed whole minutes between two moments, rounded down."""
    return int((end - start).total_seconds() // MINUTE)
