"""The first thing every change of an office does: lock its row and see that it may be done."""

from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.offices.actors import Actor
from services.offices.models import Office


def lock_office(office_id: int, verb: Verb, *, by: Actor) -> Office:
    """Lock an office for a change.

    Raises NotFound when there is none or the actor has nothing to do with it, NotAllowed
    without the right.
    """
    office = Office.objects.select_for_update().filter(pk=office_id).first()
    if office is None or not by.may(Verb.VIEW_REQUEST, office_id=office_id):
        raise NotFound
    by.require(verb, office_id=office_id)
    return office
