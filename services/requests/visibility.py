"""Which requests somebody may see, and which of them lie at one's own offices."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from owso.accounts.permissions import TABLE, Verb
from services.offices.actors import PROVINCE_WIDE, Actor

EVERYTHING = Q()
NOTHING = Q(pk__in=[])
Reach = tuple[int | None, frozenset[int] | None]
"""An office and the sectors there; None means every one."""


def visible(actor: Actor) -> Q:
    """Return the condition on requests for what the actor's roles may see.

    An office goes on seeing the files it has handed to another: it is asked about them. It
    only reads them, as every step asks for a role where the file lies now.
    """
    return _any(actor, lambda reach: _here(reach) | _was_here(reach))


def near(actor: Actor) -> Q:
    """Return the condition on requests that lie at the actor's offices or came in there.

    For looking through many: it asks only the request's own columns. An office in the middle
    of a file's way finds it by its code.
    """
    return _any(actor, lambda reach: _here(reach) | _came_in_here(reach))


def held(actor: Actor) -> Q:
    """Return the condition on requests that lie at the actor's offices now, as queues show them."""
    return _any(actor, _here)


def sectors_at(actor: Actor, office_id: int) -> frozenset[int] | None:
    """Return the sectors whose requests the actor may see at an office: `held`, of one office.

    None is every sector; an empty set is nothing.
    """
    if actor.is_system:
        return None
    found = [sectors for place, sectors in _reaches(actor) if place in {None, office_id}]
    if None in found:
        return None
    return frozenset[int]().union(*(sectors for sectors in found if sectors is not None))


def _any(actor: Actor, condition: Callable[[Reach], Q]) -> Q:
    if actor.is_system:
        return EVERYTHING
    reaches = _reaches(actor)
    if (None, None) in reaches:
        return EVERYTHING
    return reduce(or_, map(condition, reaches), NOTHING)


def _reaches(actor: Actor) -> list[Reach]:
    """Gather the actor's sectors by office, so that each office is asked about once."""
    sectors: dict[int | None, set[int | None]] = {}
    for grant in actor.grants:
        if Verb.VIEW_REQUEST in TABLE[grant.role]:
            office_id = None if grant.role in PROVINCE_WIDE else grant.office_id
            sectors.setdefault(office_id, set()).add(grant.sector_id)
    return [
        (office_id, None if None in found else frozenset(filter(None, found)))
        for office_id, found in sectors.items()
    ]


def _here(reach: Reach) -> Q:
    office_id, sector_ids = reach
    place = EVERYTHING if office_id is None else Q(office_id=office_id)
    return place & _of_sectors(sector_ids)


def _came_in_here(reach: Reach) -> Q:
    office_id, sector_ids = reach
    if office_id is None:
        return NOTHING
    return Q(received_office_id=office_id) & _of_sectors(sector_ids)


def _was_here(reach: Reach) -> Q:
    office_id, sector_ids = reach
    if office_id is None:
        return NOTHING
    visits = apps.get_model("requests", "StageVisit").objects
    place = Q(Exists(visits.filter(request_id=OuterRef("pk"), office_id=office_id)))
    return place & _of_sectors(sector_ids)


def _of_sectors(sector_ids: frozenset[int] | None) -> Q:
    if sector_ids is None:
        return EVERYTHING
    return Q(service__sector_id__in=sorted(sector_ids))
