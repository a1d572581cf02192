"""The three ends of a request: collected, rejected, withdrawn."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from services.offices.actors import Actor
from services.requests import notices
from services.requests.actions.pausing import SHIFTED, end_pause
from services.requests.actions.registering import check_order
from services.requests.actions.stages import LEFT, leave
from services.requests.events import event, left_facts, open_day
from services.requests.locking import bump, lock_for
from services.requests.models import (
    Collection,
    Ending,
    EventKind,
    IdKind,
    Outcome,
    ServiceRequest,
    StageVisit,
)
from services.requests.people import hashed
from services.requests.preconditions import follow_rejection
from services.requests.states import State
from services.requests.texts import Fields, checked_now, clean_name, clean_note, clean_paper_number
from services.requests.trail import trace
from services.requests.writing import Update, write_together
from tenants import sealing

_ENDED = ("state", "closed_at", "current_visit", "version")
_DELIVERED = ("state", "closed_at", "delivered_at", "version")
_OUTCOMES = {
    State.REJECTED: (Outcome.REJECTED, EventKind.REJECTED, "reject"),
    State.WITHDRAWN: (Outcome.WITHDRAWN, EventKind.WITHDRAWN, "withdraw"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """Who takes the result away; the paper is looked at and only its hash is kept."""

    name: str
    is_applicant: bool = True
    id_kind: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A rejected request and the fee rule of its service: keep, full or part."""

    request: ServiceRequest
    refund_rule: str


def deliver_request(
    request_id: int, *, by: Actor, collector: Collector, now: datetime | None = None
) -> ServiceRequest:
    """Hand the result over and record who collected it."""
    moment = checked_now(now)
    collection = _collection(collector, by=by, now=moment)
    with transaction.atomic():
        request, _terms = lock_for("deliver", request_id, by=by)
        assert request.ready_at is not None
        check_order(request.ready_at, moment)
        request.state = State.DELIVERED
        request.delivered_at = request.closed_at = moment
        bump(request)
        collection.request_id = request.pk
        delivered = event(request, EventKind.DELIVERED, now=moment, office_id=request.office_id)
        entry = trace(by, "deliver", request, before=State.READY)
        write_together(collection, delivered, entry, updates=[(request, _DELIVERED)])
        notices.announce()
    return request


def reject_request(
    request_id: int,
    *,
    by: Actor,
    reason: str,
    seen_visit_id: int | None = None,
    now: datetime | None = None,
) -> Rejection:
    """Refuse a request with a reason; the service's rule says what becomes of the fee.

    Under the rule `full` a reversal of the fee is requested at once, for a second person to
    approve; `part` leaves the amount to the office chief, `keep` returns nothing.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("reject", request_id, by=by, seen_visit_id=seen_visit_id)
        _end(request, State.REJECTED, by=by, reason=reason, now=moment)
        follow_rejection(request, by=by, now=moment)
        notices.announce()
    return Rejection(request, terms.refund_rule)


def withdraw_request(
    request_id: int,
    *,
    by: Actor,
    reason: str = "",
    seen_visit_id: int | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """End a request because the citizen no longer wants it; the fee is kept."""
    moment = checked_now(now)
    with transaction.atomic():
        request, _terms = lock_for("withdraw", request_id, by=by, seen_visit_id=seen_visit_id)
        _end(request, State.WITHDRAWN, by=by, reason=reason, now=moment)
        notices.announce()
    return request


def _end(request: ServiceRequest, state: State, *, by: Actor, reason: str, now: datetime) -> None:
    fields = Fields()
    is_required = state == State.REJECTED
    note = clean_note(reason, field="reason", fields=fields, is_required=is_required)
    fields.refuse()
    check_order(request.registered_at or request.received_at, now)
    outcome, kind, verb = _OUTCOMES[state]
    before, due_on = request.state, open_day(request)
    facts, updates = _leave_stage(request, outcome, by=by, now=now)
    if state == State.REJECTED and request.due_at is not None:
        facts["was_late"] = now > request.due_at
    request.state = state
    request.closed_at = now
    request.current_visit_id = None
    bump(request)
    ended = event(
        request, kind, now=now, office_id=request.office_id, due_on_before=due_on, **facts
    )
    ending = Ending(request=request, note=note, ended_by_id=by.user_id, ended_at=now)
    entry = trace(by, verb, request, before=before)
    write_together(ending, ended, entry, updates=[*updates, (request, (*_ENDED, *SHIFTED))])


def _leave_stage(
    request: ServiceRequest, outcome: Outcome, *, by: Actor, now: datetime
) -> tuple[dict[str, Any], list[Update]]:
    """Close the open visit, and the pause of a waiting request, if there are any."""
    updates: list[Update] = []
    if request.current_visit_id is None:
        return {}, updates
    if request.state == State.WAITING:
        pause, visit = end_pause(request, now=now)
        updates.append((pause, ("ended_at",)))
    else:
        visit = StageVisit.objects.get(pk=request.current_visit_id)
        check_order(visit.entered_at, now)
    leave(visit, outcome, by=by, now=now)
    updates.append((visit, ("due_at", *LEFT)))
    return left_facts(visit), updates


def _collection(collector: Collector, *, by: Actor, now: datetime) -> Collection:
    fields = Fields()
    name = clean_name(collector.name, field="collector_name", fields=fields)
    number = ""
    if collector.id_kind and collector.id_kind not in IdKind.values:
        fields.take("id_kind", _("Choose one of the papers in the list."))
    elif collector.id_kind:
        number = clean_paper_number(
            collector.id_number, kind=collector.id_kind, field="id_number", fields=fields
        )
    fields.refuse()
    return Collection(
        collector_name_sealed=sealing.seal(name),
        is_applicant=collector.is_applicant,
        id_kind=collector.id_kind,
        id_hash=hashed(f"{collector.id_kind}:{number}" if number else ""),
        collected_at=now,
        handed_over_by_id=by.user_id,
    )
