"""Taking over requests of an older register, with the times they really had."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.errors import Invalid
from services.catalogue.terms import VersionTerms
from services.offices.actors import Actor
from services.requests import notices
from services.requests.actions.registering import first_event
from services.requests.actions.stages import advanced_event, leave, ready_event
from services.requests.bulk import copy_together
from services.requests.codes import new_code
from services.requests.events import event, open_day
from services.requests.locking import running_state
from services.requests.models import (
    Ending,
    EventKind,
    Outcome,
    RequestEvent,
    ServiceRequest,
    StageVisit,
)
from services.requests.planning import new_visit, office_calendar, plan, set_due
from services.requests.states import CLOSED, State
from services.requests.trail import trace
from services.requests.writing import ids_for
from tenants import sealing
from tenants.context import current_province

NAMESPACE = UUID("6f3c1f0e-6a3c-5a55-9d0b-0f5d8f5b7c11")
ENDS = frozenset({State.READY, *CLOSED})
_REFUSALS = {State.REJECTED: EventKind.REJECTED, State.WITHDRAWN: EventKind.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class PastStage:
    """A stage that was left at a moment; it was entered when the one before it was left."""

    code: str
    left_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRequest:
    """A case of an older register: `stages` in order of time, no `ended_at` while it is open.

    `due_at` None takes the limit of the service; an open case goes on at `continue_at`, by
    default the service's first stage. Nothing in it is personal.
    """

    source: str
    source_ref: str
    office_id: int
    terms: VersionTerms
    received_at: datetime
    due_at: datetime | None = None
    ended_at: datetime | None = None
    ended_as: State = State.DELIVERED
    stages: tuple[PastStage, ...] = ()
    continue_at: str = ""
    channel: str = ""


def import_request(past: PastRequest, *, by: Actor) -> ServiceRequest:
    """Write a request of an older register with its visits and events."""
    return import_requests([past], by=by)[0]


def import_requests(cases: Sequence[PastRequest], *, by: Actor) -> list[ServiceRequest]:
    """Write many, all or none; the database refuses one that was taken over before.

    An end before the start counts as at the start; a first stage before the start lasts no
    time. Raises NotAllowed, Invalid and IntegrityError.
    """
    if not cases:
        return []
    with transaction.atomic():
        request_ids = ids_for(ServiceRequest, len(cases))
        visit_ids = iter(ids_for(StageVisit, sum(len(past.stages) + 1 for past in cases)))
        requests, rows = [], []
        for request_id, past in zip(request_ids, cases, strict=True):
            request, around = _rows_of(past, request_id, visit_ids, by=by)
            requests.append(request)
            rows.extend(around)
        copy_together(rows)
        notices.announce()
    return requests


def history_hash(past: PastRequest) -> bytes:
    """Return a keyed hash of what the register says, to see later whether it changed."""
    content = [
        past.source_ref,
        past.office_id,
        past.terms.service_code,
        past.received_at.isoformat(),
        past.due_at and past.due_at.isoformat(),
        past.ended_at and past.ended_at.isoformat(),
        past.ended_as if past.ended_at else "",
        [[stage.code, stage.left_at.isoformat()] for stage in past.stages],
    ]
    return sealing.keyed_hash(json.dumps(content))


def _rows_of(
    past: PastRequest, request_id: int, visit_ids: Iterator[int], *, by: Actor
) -> tuple[ServiceRequest, list[models.Model]]:
    """Return a request and its rows; its visits take the next ids."""
    by.require(Verb.REGISTER, office_id=past.office_id, sector_id=past.terms.sector_id)
    if past.ended_as not in ENDS:
        raise Invalid("end_unknown", _("A finished request needs one of the states of an end."))
    request = _registered(past, request_id)
    visits = _past_visits(past, request, visit_ids, by=by)
    current = None
    if past.ended_at is None:
        current = _current_visit(past, request, visits, visit_id=next(visit_ids))
    chain = visits if current is None else [*visits, current]
    events = _events(past, request, chain, left=len(visits))
    rows: list[models.Model] = [request, *chain, *events]
    if request.state in _REFUSALS and request.closed_at is not None:
        rows.append(Ending(request_id=request.pk, ended_at=request.closed_at))
    if current is not None:
        request.state = running_state(past.terms, current.stage_code)
        request.current_visit_id = current.pk
    facts = {"source": past.source, "reference": past.source_ref, "channel": past.channel}
    return request, [*rows, trace(by, "import", request, **facts)]


def _registered(past: PastRequest, request_id: int) -> ServiceRequest:
    request = ServiceRequest(
        id=request_id,
        tracking_code=new_code(current_province().code),
        idempotency_key=uuid5(NAMESPACE, f"{past.source}\n{past.source_ref}"),
        content_hash=history_hash(past),
        service_version_id=past.terms.id,
        service_id=past.terms.service_id,
        office_id=past.office_id,
        received_office_id=past.office_id,
        state=State.REGISTERED,
        received_at=past.received_at,
        registered_at=past.received_at,
        source=past.source,
        source_ref=past.source_ref,
    )
    due_at = past.due_at
    if due_at is None:
        calendar = office_calendar(past.office_id)
        due_at = plan(past.terms, calendar, start=past.received_at).due_at
    set_due(request, due_at)
    request.promised_at = due_at
    return request


def _past_visits(
    past: PastRequest, request: ServiceRequest, visit_ids: Iterator[int], *, by: Actor
) -> list[StageVisit]:
    visits = []
    before = past.received_at
    for sequence, stage in enumerate(past.stages, 1):
        visit = _visit(
            past,
            request,
            stage.code,
            visit_id=next(visit_ids),
            sequence=sequence,
            entered_at=min(before, stage.left_at),
        )
        leave(visit, Outcome.DONE, by=by, now=stage.left_at)
        visits.append(visit)
        before = stage.left_at
    return visits


def _current_visit(
    past: PastRequest, request: ServiceRequest, visits: Sequence[StageVisit], *, visit_id: int
) -> StageVisit:
    """Return the stage of the service at which an open case goes on."""
    moments = [visit.left_at for visit in visits if visit.left_at is not None]
    return _visit(
        past,
        request,
        past.continue_at or past.terms.stages[0].code,
        visit_id=visit_id,
        sequence=len(visits) + 1,
        entered_at=max([past.received_at, *moments]),
    )


def _visit(
    past: PastRequest,
    request: ServiceRequest,
    code: str,
    *,
    visit_id: int,
    sequence: int,
    entered_at: datetime,
) -> StageVisit:
    """Return a visit; a stage that the service does not have is due with the request."""
    for stage in past.terms.stages:
        if stage.code == code:
            return new_visit(request, stage, id=visit_id, sequence=sequence, now=entered_at)
    assert request.due_at is not None
    return StageVisit(
        id=visit_id,
        request_id=request.pk,
        sequence=sequence,
        stage_code=code,
        office_id=request.office_id,
        entered_at=entered_at,
        planned_minutes=0,
        due_at=request.due_at,
    )


def _events(
    past: PastRequest, request: ServiceRequest, chain: Sequence[StageVisit], *, left: int
) -> list[RequestEvent]:
    """Return the ledger of a case in order of time; `left` visits of the chain are over."""
    first = chain[0] if chain else None
    found = [first_event(request, first, now=past.received_at)]
    has_ended = past.ended_at is None
    for place, visit in enumerate(chain[:left]):
        assert visit.left_at is not None
        if not has_ended and past.ended_at is not None and visit.left_at > past.ended_at:
            found.extend(_end(past, request))
            has_ended = True
        entered = chain[place + 1].stage_code if place + 1 < len(chain) else ""
        found.append(advanced_event(request, visit, stage_entered=entered, now=visit.left_at))
    if not has_ended:
        found.extend(_end(past, request))
    return found


def _end(past: PastRequest, request: ServiceRequest) -> list[RequestEvent]:
    """End the request in memory and return the events of it."""
    assert past.ended_at is not None
    assert request.due_at is not None
    moment = max(past.ended_at, past.received_at)
    if past.ended_as in _REFUSALS:
        found = [_refusal(past, request, now=moment)]
    else:
        found = [ready_event(request, None, now=moment)]
        request.ready_at = moment
    request.state = past.ended_as
    if past.ended_as in CLOSED:
        request.closed_at = moment
    if past.ended_as == State.DELIVERED:
        request.delivered_at = moment
        found.append(event(request, EventKind.DELIVERED, now=moment, office_id=request.office_id))
    return found


def _refusal(past: PastRequest, request: ServiceRequest, *, now: datetime) -> RequestEvent:
    assert request.due_at is not None
    is_rejected = past.ended_as == State.REJECTED
    return event(
        request,
        _REFUSALS[past.ended_as],
        now=now,
        office_id=request.office_id,
        due_on_before=open_day(request),
        was_late=now > request.due_at if is_rejected else None,
    )
