"""Which requests somebody may see."""

from functools import reduce
from operator import or_

from django.db.models import Q

from owso.accounts.permissions import TABLE, Verb
from services.offices.actors import PROVINCE_WIDE, Actor, Grant

EVERYTHING = Q()
NOTHING = Q(pk__in=[])


def visible(actor: Actor) -> Q:
    """Return the condition on requests for what the actor's roles may see."""
    if actor.is_system:
        return EVERYTHING
    reaches = [_reach(grant) for grant in actor.grants if Verb.VIEW_REQUEST in TABLE[grant.role]]
    # An empty condition is dropped by `|`, so "everything" must be answered by itself.
    return EVERYTHING if EVERYTHING in reaches else reduce(or_, reaches, NOTHING)


def _reach(grant: Grant) -> Q:
    place = EVERYTHING if grant.role in PROVINCE_WIDE else Q(office_id=grant.office_id)
    return place if grant.sector_id is None else place & Q(service__sector_id=grant.sector_id)
