"""Moving the open deadlines of an office after its days changed: closed days, holidays, hours."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from owso.audit.actions import record
from owso.audit.models import AuditEntry
from owso.errors import Conflict, DomainError
from services.calendars.working import WorkingCalendar
from services.offices.actors import Actor
from services.offices.calendars import calendar_from, content_of, fresh_calendar
from services.offices.marks import ensure_mark, locked_mark
from services.offices.models import CalendarMark, Office
from services.requests import notices
from services.requests.events import event, open_day
from services.requests.locking import bump
from services.requests.models import EventKind, Pause, RequestEvent, ServiceRequest
from services.requests.planning import set_due
from services.requests.reckoning import Days, days_after, days_of
from services.requests.states import OPEN
from services.requests.texts import checked_now
from services.requests.trail import trace

logger = structlog.get_logger(__name__)

# Other processes remember offices and calendars for half a minute each.
SURE_AFTER = timedelta(seconds=90)
BATCH = 500
Moved = tuple[ServiceRequest, date | None]
"""A request whose days moved, and the due day it was counted under before."""

# One statement for thousands of files: row by row it would hold the office up for seconds.
_UPDATE = """
WITH new AS (
    SELECT * FROM jsonb_to_recordset(%s::jsonb) AS n (
        id bigint, due_at timestamptz, due_on date, promised_at timestamptz,
        paused_minutes integer, version integer, visit_id bigint, stage_due_at timestamptz)
), visits AS (
    UPDATE requests_stagevisit v SET due_at = new.stage_due_at FROM new WHERE v.id = new.visit_id
)
UPDATE requests_servicerequest r
SET due_at = new.due_at, due_on = new.due_on, promised_at = new.promised_at,
    paused_minutes = new.paused_minutes, version = new.version
FROM new WHERE r.id = new.id
"""


@dataclass(frozen=True, slots=True)
class _Change:
    """The calendars a deadline may rest on now, oldest first, and the one it shall rest on."""

    before: tuple[WorkingCalendar, ...]
    after: WorkingCalendar
    is_late_look: bool = False


def recompute_deadlines(office_id: int, *, by: Actor, now: datetime | None = None) -> int:
    """Reckon the open deadlines of an office with its calendar of now; return how many moved.

    Legal limit, promised day and the limit of the current stage follow the rule they were
    made by; what no rule made (an older register, a forwarded file) moves by the working days
    that came or went. Each due day that moves writes one event, of the kind `resumed`: the
    clock stood still for a day. Repeating it moves nothing. Nobody calls it by hand: it
    follows every change of an office's days, and `keep_deadlines` finds all others.
    """
    moment = checked_now(now)
    with transaction.atomic():
        office = Office.objects.get(pk=office_id)
        mark = locked_mark(office)
        after = fresh_calendar(office)
        content = content_of(after)
        if content == mark.content:
            return 0
        before = [*mark.before, mark.content]
        change = _Change(tuple(map(calendar_from, before)), after)
        moved = _move(office_id, change, by=by, now=moment)
        mark.before, mark.content, mark.changed_at = before, content, moment
        mark.save(update_fields=["before", "content", "changed_at"])
        record("recompute_deadlines", office, by=by, moved=moved)
    return moved


def settle_deadlines(office_id: int, *, by: Actor, now: datetime | None = None) -> int:
    """Look once more, when every process knows the new calendar, for deadlines made meanwhile."""
    moment = checked_now(now)
    with transaction.atomic():
        office = Office.objects.get(pk=office_id)
        mark = locked_mark(office)
        if not _is_settled_by(mark, moment):
            return 0
        before = tuple(map(calendar_from, mark.before))
        change = _Change(before, calendar_from(mark.content), is_late_look=True)
        moved = _move(office_id, change, by=by, now=moment)
        mark.before, mark.changed_at = [], None
        mark.save(update_fields=["before", "changed_at"])
        if moved:
            record("recompute_deadlines", office, by=by, moved=moved)
    return moved


def keep_deadlines(*, by: Actor, now: datetime | None = None) -> int:
    """Bring every office of the province up to date, such as with a holiday added nationally.

    Each office is a transaction of its own; one that fails is logged and does not stop the
    others. Returns how many deadlines moved.
    """
    moved = 0
    for office in Office.objects.order_by("sort_order", "code"):
        try:
            moved += _keep(office, by=by, now=now)
        except DomainError as error:
            logger.warning("deadlines_not_kept", office=office.code, code=error.code)
    return moved


def refuse_open_files(office: Office) -> None:
    """Raise Conflict when an office that is to end still has files that are not handed over."""
    count = ServiceRequest.objects.filter(office=office, state__in=sorted(OPEN)).count()
    if count:
        raise Conflict(
            "office_has_files",
            _("This office still has %(count)s open files. Finish or forward them first.")
            % {"count": count},
        )


def _keep(office: Office, *, by: Actor, now: datetime | None) -> int:
    mark = CalendarMark.objects.filter(pk=office.pk).first()
    if mark is None:
        ensure_mark(office)
        return 0
    if mark.content != content_of(fresh_calendar(office)):
        return recompute_deadlines(office.pk, by=by, now=now)
    if _is_settled_by(mark, checked_now(now)):
        return settle_deadlines(office.pk, by=by, now=now)
    return 0


def _is_settled_by(mark: CalendarMark, moment: datetime) -> bool:
    return mark.changed_at is not None and mark.changed_at + SURE_AFTER <= moment


def _move(office_id: int, change: _Change, *, by: Actor, now: datetime) -> int:
    """Move what rests on the calendars of before; nothing is written for what stays."""
    requests = list(
        ServiceRequest.objects.select_for_update(of=("self",))
        .filter(office_id=office_id, state__in=sorted(OPEN), current_visit__isnull=False)
        .select_related("current_visit")
        .order_by("pk")
    )
    pauses: dict[int, list[Pause]] = {}
    for pause in Pause.objects.filter(request__in=requests, ended_at__isnull=False):
        pauses.setdefault(pause.request_id, []).append(pause)
    days = [open_day(request) for request in requests]
    moved = [
        (request, due_on)
        for request, due_on in zip(requests, days, strict=True)
        if _moves(request, pauses.get(request.pk, []), change)
    ]
    _write(moved, by=by, now=now)
    return len(moved)


def _moves(request: ServiceRequest, pauses: Sequence[Pause], change: _Change) -> bool:
    """Set the days of a request in memory; say whether any of them moved."""
    now = Days.stored(request)
    wanted = days_of(request, pauses, change.after)
    if now == wanted:
        return False
    if not any(now.rest_on(days_of(request, pauses, each)) for each in change.before):
        if change.is_late_look:
            return False
        wanted = days_after(request, now, before=change.before[-1], after=change.after)
    if now == wanted:
        return False
    set_due(request, wanted.due_at)
    request.promised_at, request.paused_minutes = wanted.promised_at, wanted.paused_minutes
    assert request.current_visit is not None
    request.current_visit.due_at = wanted.stage_due_at
    bump(request)
    return True


def _write(moved: Sequence[Moved], *, by: Actor, now: datetime) -> None:
    if not moved:
        return
    requests = [request for request, _before in moved]
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [json.dumps([_new_days(request) for request in requests])])
    RequestEvent.objects.bulk_create(_events(moved, now=now), batch_size=BATCH)
    AuditEntry.objects.bulk_create(
        [
            trace(by, "move_deadline", request, before=request.state, due_on=str(request.due_on))
            for request in requests
        ],
        batch_size=BATCH,
    )
    notices.announce()


def _new_days(request: ServiceRequest) -> dict[str, Any]:
    visit = request.current_visit
    assert request.due_at is not None
    assert request.promised_at is not None
    assert visit is not None
    return {
        "id": request.pk,
        "due_at": request.due_at.isoformat(),
        "due_on": str(request.due_on),
        "promised_at": request.promised_at.isoformat(),
        "paused_minutes": request.paused_minutes,
        "version": request.version,
        "visit_id": visit.pk,
        "stage_due_at": visit.due_at.isoformat(),
    }


def _events(moved: Iterable[Moved], *, now: datetime) -> list[RequestEvent]:
    return [
        event(
            request,
            EventKind.RESUMED,
            now=now,
            office_id=request.office_id,
            due_on_before=before,
            due_on_after=open_day(request),
        )
        for request, before in moved
        if before != open_day(request)
    ]
