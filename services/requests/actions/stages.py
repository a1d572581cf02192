"""Moving a request from stage to stage until its result is ready."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid, NotAllowed
from services.catalogue.terms import StageTerms, VersionTerms
from services.offices.actors import Actor
from services.requests import notices
from services.requests.actions.registering import check_order
from services.requests.events import event, left_facts, open_day, whole_minutes
from services.requests.locking import bump, lock_for, running_state, visit_to_leave
from services.requests.models import EventKind, Outcome, RequestEvent, ServiceRequest, StageVisit
from services.requests.planning import new_visit
from services.requests.preconditions import Leaving, check_first_stage, check_leaving
from services.requests.states import State
from services.requests.texts import checked_now
from services.requests.trail import trace
from services.requests.writing import write_together

READY = "ready"
"""As `to_stage`: no stage is left, the result is ready."""
LEFT = ("left_at", "outcome", "handled_by", "dwell_minutes")
_MOVED = ("state", "current_visit", "version")
_FINISHED = ("state", "current_visit", "ready_at", "version")


def advance_request(
    request_id: int,
    *,
    by: Actor,
    seen_visit_id: int | None,
    now: datetime | None = None,
    to_stage: str | None = None,
) -> ServiceRequest:
    """Leave the current stage for the next one, or make the result ready after the last.

    `to_stage` names another stage instead: an earlier one sends the request back (any actor
    of the current stage), a later one or "ready" skips stages, which only the system may (an
    older register knows other paths). Leaving the first stage needs the fee to be paid.
    Raises AlreadyDone when `seen_visit_id` is not the current visit any more.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("advance", request_id, by=by, seen_visit_id=seen_visit_id)
        visit, next_id = visit_to_leave(request)
        check_order(visit.entered_at, moment)
        _check_actor(request, terms, visit, by=by)
        if visit.stage_code == terms.stages[0].code:
            check_first_stage(request)
        goal, outcome = _goal(terms.stages, visit.stage_code, to_stage, by=by)
        check_leaving(Leaving(request, terms, visit, outcome == Outcome.RETURNED, by))
        leave(visit, outcome, by=by, now=moment)
        if goal is None:
            _make_ready(request, visit, by=by, now=moment)
        else:
            following = new_visit(
                request, goal, id=next_id, sequence=visit.sequence + 1, now=moment
            )
            state = running_state(terms, goal.code)
            _enter(request, following, state, left=visit, by=by, now=moment)
        notices.announce()
    return request


def leave(visit: StageVisit, outcome: Outcome, *, by: Actor, now: datetime) -> None:
    """Close a visit; its dwell is elapsed whole minutes."""
    visit.left_at = now
    visit.outcome = outcome
    visit.handled_by_id = by.user_id
    visit.dwell_minutes = whole_minutes(visit.entered_at, now)


def advanced_event(
    request: ServiceRequest, left: StageVisit, *, stage_entered: str, now: datetime
) -> RequestEvent:
    """Return the event of a stage that was left; the due day stays as it was."""
    due_on = open_day(request)
    return event(
        request,
        EventKind.ADVANCED,
        now=now,
        office_id=request.office_id,
        stage_entered=stage_entered,
        due_on_before=due_on,
        due_on_after=due_on,
        **left_facts(left),
    )


def ready_event(request: ServiceRequest, left: StageVisit | None, *, now: datetime) -> RequestEvent:
    """Return the event of a result that is ready; build it before the state changes.

    `left` is the stage left by it, None when the register does not tie the end to a stage.
    """
    assert request.registered_at is not None
    assert request.due_at is not None
    return event(
        request,
        EventKind.READY,
        now=now,
        office_id=request.office_id,
        due_on_before=open_day(request),
        duration_minutes=whole_minutes(request.registered_at, now),
        was_late=now > request.due_at,
        **({} if left is None else left_facts(left)),
    )


def _check_actor(
    request: ServiceRequest, terms: VersionTerms, visit: StageVisit, *, by: Actor
) -> None:
    if not by.holds(visit.actor_role, office_id=request.office_id, sector_id=terms.sector_id):
        raise NotAllowed(
            "not_your_stage",
            _("This stage is for another role. The request stays where it is."),
            role=visit.actor_role,
        )


def _goal(
    stages: Sequence[StageTerms], current: str, wanted: str | None, *, by: Actor
) -> tuple[StageTerms | None, Outcome]:
    """Return the stage to enter (None: ready) and how the current one is left."""
    codes = [stage.code for stage in stages]
    here = codes.index(current)
    if wanted is None:
        return (stages[here + 1] if here + 1 < len(stages) else None), Outcome.DONE
    if wanted != READY and wanted not in codes:
        raise Invalid("stage_unknown", _("This service has no such stage."), stage=wanted)
    there = len(codes) if wanted == READY else codes.index(wanted)
    if there > here + 1 and not by.is_system:
        raise Invalid("stage_skipped", _("A stage cannot be skipped."), stage=wanted)
    outcome = Outcome.DONE if there > here else Outcome.RETURNED
    return (None if wanted == READY else stages[there]), outcome


def _enter(
    request: ServiceRequest,
    visit: StageVisit,
    state: State,
    *,
    left: StageVisit,
    by: Actor,
    now: datetime,
) -> None:
    before = request.state
    moved = advanced_event(request, left, stage_entered=visit.stage_code, now=now)
    request.state = state
    request.current_visit_id = visit.pk
    bump(request)
    entry = trace(by, "advance", request, before=before, stage=visit.stage_code)
    write_together(visit, moved, entry, updates=[(left, LEFT), (request, _MOVED)])


def _make_ready(request: ServiceRequest, left: StageVisit, *, by: Actor, now: datetime) -> None:
    before = request.state
    moved = ready_event(request, left, now=now)
    request.state = State.READY
    request.ready_at = now
    request.current_visit_id = None
    bump(request)
    entry = trace(by, "advance", request, before=before)
    write_together(moved, entry, updates=[(left, LEFT), (request, _FINISHED)])
