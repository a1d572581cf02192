"""What waits at an office: tabs, counts, filters and pages, the most urgent first.

An office has some thousands of requests that are not finished and millions that are; every
query here reads ranges of `request_unfinished` or `request_queue`, which hold only the former.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from services.casework.models import Assignment, Opinion
from services.offices.actors import PROVINCE_WIDE, Actor
from services.requests.codes import parse_code
from services.requests.khmer import mask, normalise
from services.requests.models import ServiceRequest
from services.requests.people import hashed
from services.requests.states import CLOCK_RUNS, OPEN, State
from services.requests.texts import Fields, clean_phone
from tenants import clock

PAGE = 25
UNFINISHED = OPEN | {State.READY, State.INCOMPLETE}
Position = tuple[datetime | None, int]


class Tab(StrEnum):
    """The parts of an office's queue."""

    MINE = "mine"
    ROLE = "role"
    OFFICE = "office"
    TODAY = "today"
    LATE = "late"
    OPINIONS = "opinions"
    PAUSED = "paused"
    READY = "ready"
    INCOMPLETE = "incomplete"


STATES: Mapping[Tab, frozenset[State]] = {
    Tab.MINE: OPEN,
    Tab.ROLE: CLOCK_RUNS,
    Tab.OFFICE: OPEN,
    Tab.TODAY: CLOCK_RUNS,
    Tab.LATE: CLOCK_RUNS,
    Tab.OPINIONS: OPEN,
    Tab.PAUSED: frozenset({State.WAITING}),
    Tab.READY: frozenset({State.READY}),
    Tab.INCOMPLETE: frozenset({State.INCOMPLETE}),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a queue; empty means all. `text` is a code, a phone number or part of a name."""

    service_id: int | None = None
    sector_id: int | None = None
    stage: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One request of a queue; the applicant's name is masked, `with_whom` may be empty."""

    id: int
    tracking_code: str
    state: State
    version_id: int
    applicant: str
    stage_code: str
    actor_role: str
    visit_id: int | None
    registered_at: datetime | None
    received_at: datetime
    due_at: datetime | None
    with_whom: str
    office_id: int


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some lines; `following` is where the next page begins, None at the end."""

    lines: tuple[QueueLine, ...]
    following: Position | None


def queue_page(
    actor: Actor,
    tab: Tab,
    *,
    office_id: int,
    now: datetime,
    filters: Filters = Filters(),
    after: Position | None = None,
    limit: int = PAGE,
) -> QueuePage:
    """Return a page of a tab after a position; two queries, whatever the page."""
    found = _held(actor, office_id).filter(
        _of_tab(actor, tab, office_id=office_id, now=now), _narrowed(filters)
    )
    if tab == Tab.INCOMPLETE:
        found = found.filter(due_at__isnull=True)
    if after is not None:
        due_at, last_id = after
        later = Q(pk__gt=last_id) if due_at is None else Q(due_at=due_at, pk__gt=last_id)
        found = found.filter(later if due_at is None else later | Q(due_at__gt=due_at))
    rows = list(
        found.select_related("applicant", "current_visit").order_by("due_at", "id")[: limit + 1]
    )
    people = _people(rows[:limit])
    lines = tuple(_line(row, people) for row in rows[:limit])
    following = (rows[limit - 1].due_at, rows[limit - 1].pk) if len(rows) > limit else None
    return QueuePage(lines, following)


def queue_counts(actor: Actor, *, office_id: int, now: datetime) -> Mapping[Tab, int]:
    """Count every tab of an office's queue in one query."""
    counted = _held(actor, office_id).filter(state__in=sorted(UNFINISHED))
    numbers = counted.aggregate(
        **{
            tab.value: Count("pk", filter=_of_tab(actor, tab, office_id=office_id, now=now))
            for tab in Tab
        }
    )
    return {tab: numbers[tab.value] for tab in Tab}


def _held(actor: Actor, office_id: int) -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.held_by(actor).filter(office_id=office_id)


def _of_tab(actor: Actor, tab: Tab, *, office_id: int, now: datetime) -> Q:
    """Return the condition of a tab, its states included."""
    condition = Q(state__in=sorted(STATES[tab]))
    if tab == Tab.MINE:
        return condition & Q(_assigned(actor))
    if tab == Tab.ROLE:
        return condition & _of_my_roles(actor, office_id)
    if tab == Tab.OPINIONS:
        return condition & Q(_asked(actor, office_id))
    if tab == Tab.LATE:
        return condition & Q(due_at__lt=now)
    if tab == Tab.TODAY:
        return condition & Q(due_at__gte=now, due_at__lt=_midnight_after(now))
    return condition


def _midnight_after(now: datetime) -> datetime:
    tomorrow = clock.local_day(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=clock.LOCAL)


def _assigned(actor: Actor) -> Exists:
    assert actor.user_id is not None, "the system has no files of its own"
    return Exists(
        Assignment.objects.filter(
            request_id=OuterRef("pk"),
            office_id=OuterRef("office_id"),
            role=OuterRef("current_visit__actor_role"),
            user_id=actor.user_id,
        )
    )


def _of_my_roles(actor: Actor, office_id: int) -> Q:
    """The stages that somebody with these roles is to act in, an agent in the own sectors."""
    sectors: dict[str, set[int | None]] = {}
    for grant in actor.grants:
        if grant.office_id == office_id and grant.role not in PROVINCE_WIDE:
            sectors.setdefault(grant.role.value, set()).add(grant.sector_id)
    mine = Q(pk__in=[])
    for role, found in sectors.items():
        acts = Q(current_visit__actor_role=role)
        mine |= acts if None in found else acts & Q(service__sector_id__in=found)
    return mine


def _asked(actor: Actor, office_id: int) -> Exists:
    roles = sorted({grant.role.value for grant in actor.grants if grant.office_id == office_id})
    return Exists(
        Opinion.objects.filter(
            request_id=OuterRef("pk"),
            role__in=roles,
            answered_at__isnull=True,
            withdrawn_at__isnull=True,
        )
    )


def _narrowed(filters: Filters) -> Q:
    condition = Q()
    if filters.service_id is not None:
        condition &= Q(service_id=filters.service_id)
    if filters.sector_id is not None:
        condition &= Q(service__sector_id=filters.sector_id)
    if filters.stage:
        condition &= Q(current_visit__stage_code=filters.stage)
    return condition & _matching(filters.text)


def _matching(text: str) -> Q:
    if not text.strip():
        return Q()
    code = parse_code(text)
    if code is not None:
        return Q(tracking_code=code)
    phone = clean_phone(text, field="text", fields=Fields())
    if phone:
        return Q(applicant__phone_hash=hashed(phone))
    return Q(applicant__name_search__contains=normalise(text))


def _people(rows: Iterable[ServiceRequest]) -> dict[tuple[int, int, str], str]:
    """Return who works on which of these requests, by request, office and role."""
    found = Assignment.objects.filter(request_id__in=[row.pk for row in rows])
    return {
        (request_id, office_id, role): name
        for request_id, office_id, role, name in found.values_list(
            "request_id", "office_id", "role", "user__full_name_km"
        )
    }


def _line(row: ServiceRequest, people: Mapping[tuple[int, int, str], str]) -> QueueLine:
    visit = row.current_visit
    role = "" if visit is None else visit.actor_role
    return QueueLine(
        id=row.pk,
        tracking_code=row.tracking_code,
        state=State(row.state),
        version_id=row.service_version_id,
        applicant="" if row.applicant is None else mask(row.applicant.full_name),
        stage_code="" if visit is None else visit.stage_code,
        actor_role=role,
        visit_id=row.current_visit_id,
        registered_at=row.registered_at,
        received_at=row.received_at,
        due_at=row.due_at,
        with_whom=people.get((row.pk, row.office_id, role), ""),
        office_id=row.office_id,
    )
