"""The part of a file that tells who read it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django import template

from owso.accounts.permissions import Role, Verb
from owso.audit.models import Reading
from owso.errors import NotFound
from owso.formats import name_of
from services.catalogue.queries import terms as terms_of
from services.offices.queries import office
from services.requests.accesses import Looker, lookers_of
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest
from tenants import clock

register = template.Library()
SHOWN, MOST = 20, 100


@dataclass(frozen=True, slots=True)
class Look:
    """One line: who, in which role and office, how, when last, and how often that day."""

    who: str
    why: str
    how: str
    at: datetime
    times: int


@register.simple_tag
def lookers(request: StaffRequest, found: ServiceRequest) -> tuple[Look, ...] | None:
    """Return who read a request, newest first; None for those who may not know."""
    sector_id = terms_of(found.service_version_id).sector_id
    if not request.actor.may(Verb.VIEW_ACCESSES, office_id=found.office_id, sector_id=sector_id):
        return None
    alike = groupby(lookers_of(found, limit=MOST), key=_alike)
    return tuple(_look(list(run)) for _key, run in alike)[:SHOWN]


def _alike(looker: Looker) -> tuple[object, ...]:
    access = looker.access
    day = clock.local_day(access.at)
    return looker.name, looker.address, access.kind, access.role, access.office_id, day


def _look(run: list[Looker]) -> Look:
    looker, access = run[0], run[0].access
    role = str(Role(access.role).label) if access.role in Role.values else ""
    why = " · ".join(part for part in (role, _place(access.office_id)) if part)
    return Look(looker.name, why, str(Reading(access.kind).label), access.at, len(run))


def _place(office_id: int | None) -> str:
    try:
        return "" if office_id is None else name_of(office(office_id))
    except NotFound:
        return ""
