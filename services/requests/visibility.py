"""Which requests somebody may see, and which of them lie at one's own offices."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from owso.accounts.permissions import TABLE, Verb
from services.offices.actors import PROVINCE_WIDE, Actor, Grant

EVERYTHING = Q()
NOTHING = Q(pk__in=[])
Reach = tuple[int | None, int | None]
"""An office and a sector; None means every one."""


def visible(actor: Actor) -> Q:
    """Return the condition on requests for what the actor's roles may see.

    An office goes on seeing the files it has handed to another: it is asked about them. It
    only reads them, as every step asks for a role where the file lies now.
    """
    return _any(actor, lambda reach: _here(reach) | _was_here(reach))


def held(actor: Actor) -> Q:
    """Return the condition on requests that lie at the actor's offices now, as queues show them."""
    return _any(actor, _here)


def _any(actor: Actor, condition: Callable[[Reach], Q]) -> Q:
    if actor.is_system:
        return EVERYTHING
    grants = [grant for grant in actor.grants if Verb.VIEW_REQUEST in TABLE[grant.role]]
    reaches = sorted({_reach(grant) for grant in grants}, key=str)
    if (None, None) in reaches:
        return EVERYTHING
    return reduce(or_, map(condition, reaches), NOTHING)


def _reach(grant: Grant) -> Reach:
    return (None if grant.role in PROVINCE_WIDE else grant.office_id), grant.sector_id


def _here(reach: Reach) -> Q:
    office_id, sector_id = reach
    place = EVERYTHING if office_id is None else Q(office_id=office_id)
    return place if sector_id is None else place & Q(service__sector_id=sector_id)


def _was_here(reach: Reach) -> Q:
    office_id, sector_id = reach
    if office_id is None:
        return NOTHING
    visits = apps.get_model("requests", "StageVisit").objects
    place = Q(Exists(visits.filter(request_id=OuterRef("pk"), office_id=office_id)))
    return place if sector_id is None else place & Q(service__sector_id=sector_id)
