"""Who read the personal data of a request: written by the doors, asked by those who may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from owso.accounts.permissions import TABLE, Verb
from owso.audit.models import AccessEntry, Reading
from services.catalogue.queries import terms as terms_of
from services.offices.actors import Actor, Grant
from services.requests.models import ServiceRequest

NAME_LENGTH = 120
ADDRESS_LENGTH = 45
SHOWN = 20
_LAST = (
    "SELECT actor_name, address, at, kind, office_id, role FROM audit_accessentry"
    " WHERE request_id = %s ORDER BY id DESC LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Read:
    """One request whose personal data is about to be shown; `detail` names a part of it."""

    request: ServiceRequest
    kind: Reading
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """What a citizen may know of a reading: when, how, from which office and in which role."""

    at: datetime
    kind: str
    office_id: int | None
    role: str


@dataclass(frozen=True, slots=True)
class Looker:
    """The same for those who supervise, with the person and the network address."""

    name: str
    address: str
    access: Access


def record_reads(actor: Actor, reads: Sequence[Read]) -> None:
    """Write one entry a reading, all in one insert; call it before anything is shown."""
    entries = [_entry(actor, read) for read in reads]
    if len(entries) == 1:
        entries[0].save(force_insert=True)
    elif entries:
        AccessEntry.objects.bulk_create(entries)


def accesses_of(request: ServiceRequest, *, limit: int = SHOWN) -> tuple[Access, ...]:
    """Return who read a request, newest first, without the names of the staff."""
    return tuple(Access(*row[2:]) for row in _rows(request, limit))


def lookers_of(request: ServiceRequest, *, limit: int = SHOWN) -> tuple[Looker, ...]:
    """Return who read a request, newest first, with names; for VIEW_ACCESSES only."""
    return tuple(
        Looker(name, address, Access(*access)) for name, address, *access in _rows(request, limit)
    )


def _rows(request: ServiceRequest, limit: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [request.pk, limit])
        return list(cursor.fetchall())


def _entry(actor: Actor, read: Read) -> AccessEntry:
    grant = _right(actor, read.request)
    return AccessEntry(
        actor_id=actor.user_id,
        actor_name=actor.name[:NAME_LENGTH],
        role="" if grant is None else grant.role,
        office_id=None if grant is None else grant.office_id,
        kind=read.kind,
        request_id=read.request.pk,
        detail=read.detail,
        address=actor.address[:ADDRESS_LENGTH],
    )


def _right(actor: Actor, request: ServiceRequest) -> Grant | None:
    """The role by which this person may see the request; the system needs none."""
    scope = {
        "office_id": request.office_id,
        "sector_id": terms_of(request.service_version_id).sector_id,
    }
    mine = (
        grant
        for grant in actor.grants
        if Verb.VIEW_REQUEST in TABLE[grant.role] and grant.covers(**scope)
    )
    return next(mine, None)
