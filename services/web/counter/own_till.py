"""The line on a desk's pages that says into whose till the money goes."""

from owso.accounts.permissions import Verb
from services.cashier.standing import DeskTill, desk_till
from services.web.access import StaffRequest
from tenants import clock


def till_here(request: StaffRequest) -> DeskTill | None:
    """Return how the till of this person stands; None for somebody who takes no money here."""
    if not request.actor.may(Verb.TAKE_PAYMENT, office_id=request.desk.id):
        return None
    return desk_till(request.actor, request.desk.id, today=clock.today())
