"""Whose accounts somebody may see to: everybody's of the province, or those of one's own office."""

from django.db.models import Q, QuerySet

from owso.accounts.models import User
from owso.accounts.permissions import TABLE, Role, Verb
from services.offices.actors import PROVINCE_WIDE, Actor
from services.offices.models import StaffRole

_ABOVE = (Role.CHIEF, *sorted(PROVINCE_WIDE))
"""Who holds one of these is seen to by the administrator alone."""


def people_in_reach(by: Actor) -> QuerySet[User]:
    """Return the accounts this person may let in again.

    An administrator reaches the whole province. A chief reaches those who work at the chief's
    offices and nowhere else, and neither another chief nor whoever reaches every office.
    """
    if reaches_all(by):
        return User.objects.all()
    offices = [grant.office_id for grant in by.grants if Verb.LET_IN in TABLE[grant.role]]
    roles = StaffRole.objects
    beyond = roles.filter(~Q(office__in=offices) | Q(role__in=_ABOVE))
    here = roles.filter(office__in=offices)
    return User.objects.filter(pk__in=here.values("user")).exclude(pk__in=beyond.values("user"))


def reaches_all(by: Actor) -> bool:
    """Tell whether somebody manages the people of the whole province."""
    return by.is_system or any(
        grant.role in PROVINCE_WIDE and Verb.LET_IN in TABLE[grant.role] for grant in by.grants
    )
