"""Reads of the front desk: drafts, prints, what is asked for most, who waits."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from owso.errors import NotFound
from services.catalogue.terms import VersionTerms
from services.desk.models import Draft, Printing, Ticket, UnsentText
from services.offices.actors import Actor
from services.requests.khmer import mask
from services.requests.models import ServiceRequest
from services.short_cache import ShortCache
from tenants import clock, sealing
from tenants.context import current_province

LOOKED_AT = 500
USUAL = 9
_usual: ShortCache[tuple[str, int], tuple[int, ...]] = ShortCache(300.0)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One form begun, as a list shows it; the name is masked."""

    key: UUID
    service_code: str
    applicant: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Unsent:
    """What was typed into a form of a file and not sent, and when."""

    content: dict[str, list[str]]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """How the queue of the waiting room stands: the number called last, and how many wait."""

    called: int
    waiting: int


def drafts_of(actor: Actor, *, office_id: int) -> tuple[DraftLine, ...]:
    """Return the forms this person began at this office, the last one first. One query."""
    rows = _mine(actor, office_id).filter(expires_at__gt=clock.now())
    registered = ServiceRequest.objects.filter(idempotency_key=OuterRef("key"))
    return tuple(
        _line(row) for row in rows.filter(~Exists(registered)).order_by("-saved_at", "-id")
    )


def draft_content(actor: Actor, key: UUID, *, office_id: int) -> dict[str, list[str]]:
    """Return what was typed into one's own draft; raise NotFound for anybody else's."""
    draft = _mine(actor, office_id).filter(key=key, expires_at__gt=clock.now()).first()
    if draft is None:
        raise NotFound
    return _content(draft)


def unsent_of(actor: Actor, request_id: int) -> dict[str, Unsent]:
    """Return what this very person typed into the forms of a file and did not send. One query."""
    rows = UnsentText.objects.filter(
        owner_id=actor.user_id, request_id=request_id, expires_at__gt=clock.now()
    )
    return {row.form: Unsent(_content(row), row.saved_at) for row in rows}


def registered_under(actor: Actor, key: UUID) -> ServiceRequest | None:
    """Return the request a form became, if it did and this person may see it."""
    return ServiceRequest.objects.visible_to(actor).filter(idempotency_key=key).first()


def printings_of_job(actor: Actor, request: ServiceRequest, job: UUID) -> tuple[Printing, ...]:
    """Return the sheets of a print that this very person ordered; raise NotFound otherwise."""
    mine = Printing.objects.filter(job=job, request=request, printed_by_id=actor.user_id)
    found = tuple(mine.select_related("receipt__payment__rate", "receipt__payment__reversal"))
    if not found:
        raise NotFound
    return found


def usual_services(office_id: int, offered: Iterable[VersionTerms]) -> tuple[VersionTerms, ...]:
    """Return what this office was asked for most lately, at most nine, the commonest first."""
    place = (current_province().schema_name, office_id)
    ids = _usual.get(place, lambda: _commonest(office_id))
    by_id = {terms.service_id: terms for terms in offered}
    return tuple(by_id[service_id] for service_id in ids if service_id in by_id)[:USUAL]


def waiting_at(office_id: int, day: date) -> Waiting:
    """Return how the day's queue of an office stands. One query."""
    found = Ticket.objects.filter(office_id=office_id, day=day).aggregate(
        called=Max("number", filter=Q(called_at__isnull=False)),
        waiting=Count("pk", filter=Q(called_at__isnull=True)),
    )
    return Waiting(found["called"] or 0, found["waiting"])


def forget_usual() -> None:
    """Drop what this process remembers of the commonest services."""
    _usual.clear()


def _commonest(office_id: int) -> tuple[int, ...]:
    last = ServiceRequest.objects.filter(office_id=office_id).order_by("-id")
    counted = Counter(last.values_list("service_id", flat=True)[:LOOKED_AT])
    return tuple(service_id for service_id, _count in counted.most_common())


def _mine(actor: Actor, office_id: int) -> QuerySet[Draft]:
    return Draft.objects.filter(owner_id=actor.user_id, office_id=office_id)


def _line(draft: Draft) -> DraftLine:
    name = " ".join(_content(draft).get("full_name", [""]))
    return DraftLine(draft.key, draft.service_code, mask(name), draft.saved_at)


def _content(draft: Draft | UnsentText) -> dict[str, list[str]]:
    content = json.loads(sealing.unseal(bytes(draft.content_sealed)))
    assert isinstance(content, dict)
    return content
