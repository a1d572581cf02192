"""Stopping the legal clock while the office waits for the citizen, and starting it again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid
from services.calendars.deadlines import add_working_minutes, working_minutes_between
from services.catalogue.terms import VersionTerms
from services.offices.actors import Actor
from services.requests import notices
from services.requests.actions.registering import check_order, hand_in
from services.requests.events import event, open_day
from services.requests.locking import bump, lock_for, running_state
from services.requests.models import (
    EventKind,
    PaperCheck,
    Pause,
    PauseReason,
    ServiceRequest,
    StageVisit,
)
from services.requests.planning import office_calendar, set_due
from services.requests.states import State
from services.requests.texts import Fields, checked_now, clean_note
from services.requests.trail import trace
from services.requests.writing import write_together

_PAUSED = ("state", "version")
SHIFTED = ("due_at", "due_on", "promised_at", "paused_minutes")


def pause_request(
    request_id: int,
    *,
    by: Actor,
    reason: PauseReason | str,
    note: str = "",
    papers: frozenset[int] = frozenset(),
    seen_visit_id: int | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """Stop the clock with a reason; `papers` are the required documents asked for.

    The reason and the papers are shown to the citizen; the note is personal and is not.
    """
    moment = checked_now(now)
    fields = Fields()
    note = clean_note(note, field="note", fields=fields)
    if reason not in PauseReason.values:
        fields.take("reason", _("Choose one of the reasons in the list."))
    fields.refuse()
    with transaction.atomic():
        request, terms = lock_for("pause", request_id, by=by, seen_visit_id=seen_visit_id)
        assert request.current_visit_id is not None
        visit = StageVisit.objects.get(pk=request.current_visit_id)
        check_order(visit.entered_at, moment)
        pause = Pause(request=request, visit=visit, reason=reason, note=note, started_at=moment)
        _stop(request, pause, by=by, now=moment)
        _ask_for(request, terms, papers)
        notices.announce()
    return request


def resume_request(
    request_id: int,
    *,
    by: Actor,
    papers: frozenset[int] | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """Start the clock again: both days move by the working minutes it stood still.

    `papers` are those that came; None ticks all that were asked for.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("resume", request_id, by=by)
        before = open_day(request)
        pause, visit = end_pause(request, now=moment)
        request.state = running_state(terms, visit.stage_code)
        bump(request)
        resumed = event(
            request,
            EventKind.RESUMED,
            now=moment,
            office_id=request.office_id,
            due_on_before=before,
            due_on_after=open_day(request),
        )
        entry = trace(by, "resume", request, before=State.WAITING)
        changed = [(request, ("state", "version", *SHIFTED)), (pause, ("ended_at",))]
        write_together(resumed, entry, updates=[*changed, (visit, ("due_at",))])
        hand_in(request, papers)
        notices.announce()
    return request


def end_pause(request: ServiceRequest, *, now: datetime) -> tuple[Pause, StageVisit]:
    """End the open pause of a waiting request in memory and move its days.

    The minutes are those of the calendar of the office where the request is.
    """
    pause = Pause.objects.select_related("visit").get(request=request, ended_at=None)
    check_order(pause.started_at, now)
    calendar = office_calendar(request.office_id)
    minutes = working_minutes_between(pause.started_at, now, calendar)
    assert request.due_at is not None
    assert request.promised_at is not None
    pause.ended_at = now
    request.paused_minutes += minutes
    set_due(request, add_working_minutes(request.due_at, minutes, calendar))
    promised_at = add_working_minutes(request.promised_at, minutes, calendar)
    request.promised_at = min(promised_at, request.due_at)
    visit = pause.visit
    visit.due_at = add_working_minutes(visit.due_at, minutes, calendar)
    return pause, visit


def _stop(request: ServiceRequest, pause: Pause, *, by: Actor, now: datetime) -> None:
    before, due_on = request.state, open_day(request)
    request.state = State.WAITING
    bump(request)
    paused = event(
        request,
        EventKind.PAUSED,
        now=now,
        office_id=request.office_id,
        due_on_before=due_on,
        due_on_after=open_day(request),
    )
    entry = trace(by, "pause", request, before=before, reason=str(pause.reason))
    write_together(pause, paused, entry, updates=[(request, _PAUSED)])


def _ask_for(request: ServiceRequest, terms: VersionTerms, papers: frozenset[int]) -> None:
    known = {document.id for document in terms.documents}
    if not papers <= known:
        message = _("One of these papers does not belong to this service.")
        raise Invalid("papers_unknown", message, fields={"papers": message})
    PaperCheck.objects.bulk_create(
        [
            PaperCheck(request=request, document_id=document_id, is_handed_in=False)
            for document_id in sorted(papers)
        ],
        update_conflicts=True,
        unique_fields=["request", "document"],
        update_fields=["is_handed_in"],
    )
