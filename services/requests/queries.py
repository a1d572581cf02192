"""Reads of the requests of the current province, each limited to what the actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from owso.errors import NotFound
from services.calendars.deadlines import Deadline, deadline
from services.catalogue.queries import terms as terms_of
from services.offices.actors import Actor
from services.offices.calendars import calendar_of
from services.requests.codes import parse_code
from services.requests.khmer import mask, normalise
from services.requests.models import (
    IdKind,
    RequestEvent,
    RequestQuerySet,
    ServiceRequest,
    StageVisit,
)
from services.requests.opening import request_here
from services.requests.people import hashed
from services.requests.states import CLOCK_RUNS, OPEN, State
from services.requests.texts import Fields, clean_paper_number, clean_phone
from services.requests.tracking import TrackingView, tracking

__all__ = [
    "Queue",
    "QueueRow",
    "TrackingView",
    "counts_by_state",
    "events_of",
    "explain_deadline",
    "newest",
    "queue",
    "request_by_code",
    "request_seen_by",
    "rows_seen_by",
    "search",
    "tracking",
    "visits_of",
]

PAGE = 50
SEARCH_LIMIT = 50
SHORTEST_SEARCH = 2
SHORTEST_NUMBER = 6
"""So many digits are a number that was typed, not part of a name."""
Position = tuple[datetime, int]
_VISITS = """
SELECT v.*, coalesce(nullif(u.full_name_km, ''), u.username, '') AS handler
FROM requests_stagevisit v LEFT JOIN accounts_user u ON u.id = v.handled_by_id
WHERE v.request_id = %s ORDER BY v.sequence"""
_EVENTS = "SELECT * FROM requests_requestevent WHERE request_id = %s ORDER BY id"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of a queue; the applicant's name is masked."""

    id: int
    tracking_code: str
    state: State
    service_version_id: int
    service_name_km: str
    service_name_en: str
    applicant: str
    office_id: int
    stage_code: str
    actor_role: str
    stage_due_at: datetime | None
    visit_id: int | None
    received_at: datetime
    due_at: datetime | None
    promised_at: datetime | None
    version: int

    def is_overdue(self, now: datetime) -> bool:
        """Say whether the legal limit has passed while the clock was running."""
        return self.state in CLOCK_RUNS and self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of a queue; `following` is where the next page begins, None at the end."""

    rows: tuple[QueueRow, ...]
    following: Position | None


def queue(
    actor: Actor,
    *,
    office_id: int | None = None,
    sector_id: int | None = None,
    states: Iterable[State] = OPEN,
    after: Position | None = None,
    limit: int = PAGE,
) -> Queue:
    """Return requests with a deadline, the most urgent first, a page at a time.

    `after` is the `following` of the page before. One query, whatever the page.
    """
    found = _held(actor).filter(state__in=list(states), due_at__isnull=False)
    if office_id is not None:
        found = found.filter(office_id=office_id)
    if sector_id is not None:
        found = found.filter(service__sector_id=sector_id)
    if after is not None:
        found = found.filter(Q(due_at__gt=after[0]) | Q(due_at=after[0], pk__gt=after[1]))
    rows = tuple(map(_row, found.order_by("due_at", "id")[: limit + 1]))
    if len(rows) <= limit:
        return Queue(rows, None)
    last = rows[limit - 1]
    assert last.due_at is not None
    return Queue(rows[:limit], (last.due_at, last.id))


def newest(
    actor: Actor, *, office_id: int, states: Iterable[State] = State, limit: int = PAGE
) -> tuple[QueueRow, ...]:
    """Return the requests of an office in some states, the newest first."""
    found = _held(actor).filter(office_id=office_id, state__in=list(states))
    return tuple(map(_row, found.order_by("-id")[:limit]))


def search(actor: Actor, text: str) -> tuple[QueueRow, ...]:
    """Find requests by tracking code, phone, identity paper or part of a name, in any spelling."""
    code = parse_code(text)
    if code is not None:
        return tuple(map(_row, _seen(actor).filter(tracking_code=code)))
    name = normalise(text[:200])
    if sum(map(str.isdecimal, name)) >= SHORTEST_NUMBER:
        condition = _by_number(text)
    elif len(name) >= SHORTEST_SEARCH:
        condition = Q(applicant__name_search__contains=name)
    else:
        return ()
    found = ServiceRequest.objects.near(actor).select_related("applicant", "current_visit")
    return tuple(map(_row, found.filter(condition).order_by("-id")[:SEARCH_LIMIT]))


def _by_number(text: str) -> Q:
    """A number is a phone's or any paper's: what is typed does not tell which."""
    phone = clean_phone(text, field="text", fields=Fields())
    papers = []
    for kind in IdKind.values:
        fields = Fields()
        number = clean_paper_number(text, kind=kind, field="text", fields=fields)
        if not fields.wrong:
            papers.append(hashed(f"{kind}:{number}"))
    by_paper = Q(applicant__id_hash__in=papers)
    return Q(applicant__phone_hash=hashed(phone)) | by_paper if phone else by_paper


def counts_by_state(actor: Actor, *, office_id: int) -> Mapping[State, int]:
    """Count the open requests of an office by state; the closed ones are not counted."""
    found = ServiceRequest.objects.held_by(actor).filter(office_id=office_id)
    rows = (
        found.filter(state__in=[*OPEN, State.READY, State.INCOMPLETE])
        .values_list("state")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return {State(state): number for state, number in rows}


def rows_seen_by(actor: Actor, request_ids: Sequence[int]) -> tuple[QueueRow, ...]:
    """Return the lines of these requests in their order, without those that cannot be seen."""
    found = {row.pk: row for row in _seen(actor).filter(pk__in=request_ids)}
    return tuple(_row(found[each]) for each in request_ids if each in found)


def request_seen_by(actor: Actor, request_id: int) -> ServiceRequest:
    """Return a request with its applicant, office and open visit; raise NotFound otherwise."""
    found = request_here(actor, request_id=request_id)
    return found or _one_that_was_here(actor, Q(pk=request_id))


def request_by_code(actor: Actor, code: str) -> ServiceRequest:
    """Return a request by its parsed code; raise NotFound when there is none to be seen."""
    found = request_here(actor, code=code)
    return found or _one_that_was_here(actor, Q(tracking_code=code))


def events_of(request: ServiceRequest) -> Iterable[RequestEvent]:
    """Return what happened to a request, oldest first."""
    return RequestEvent.objects.raw(_EVENTS, [request.pk])


def visits_of(request: ServiceRequest) -> list[StageVisit]:
    """Return the stages a request went through, oldest first, `handler` being who ended each."""
    return list(StageVisit.objects.raw(_VISITS, [request.pk]))


def explain_deadline(
    request: ServiceRequest, *, now: datetime, has_waited: bool = True
) -> Deadline | None:
    """Explain the legal limit day by day in the hours of the office that holds the request.

    The stored `due_at` binds; after a forwarding between offices with other hours the
    explanation may name another hour of the day. Whoever knows that the request never waited
    for the citizen spares the query for its pauses.
    """
    if request.registered_at is None:
        return None
    calendar = calendar_of(request.office_id)
    waited = request.pauses.order_by("started_at").values_list("started_at", "ended_at")
    pauses = list(waited) if has_waited else []
    limit_days = terms_of(request.service_version_id).limit_days
    return deadline(request.registered_at, limit_days, calendar, pauses, now=now)


def _held(actor: Actor) -> RequestQuerySet:
    found = ServiceRequest.objects.held_by(actor)
    return found.select_related("applicant", "current_visit")


def _seen(actor: Actor) -> RequestQuerySet:
    found = ServiceRequest.objects.visible_to(actor)
    return found.select_related("applicant", "current_visit")


def _one_that_was_here(actor: Actor, condition: Q) -> ServiceRequest:
    found = _seen(actor).select_related("office").filter(condition).first()
    if found is None:
        raise NotFound
    return found


def _row(request: ServiceRequest) -> QueueRow:
    terms = terms_of(request.service_version_id)
    visit = request.current_visit
    return QueueRow(
        id=request.pk,
        tracking_code=request.tracking_code,
        state=State(request.state),
        service_version_id=request.service_version_id,
        service_name_km=terms.name_km,
        service_name_en=terms.name_en,
        applicant="" if request.applicant is None else mask(request.applicant.full_name),
        office_id=request.office_id,
        stage_code="" if visit is None else visit.stage_code,
        actor_role="" if visit is None else visit.actor_role,
        stage_due_at=None if visit is None else visit.due_at,
        visit_id=request.current_visit_id,
        received_at=request.received_at,
        due_at=request.due_at,
        promised_at=request.promised_at,
        version=request.version,
    )
