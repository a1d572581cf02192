"""What the actions of the back office ask of the stage a locked request is in."""

from django.utils.translation import gettext_lazy as _

from owso.errors import InvalidTransition, NotAllowed
from services.catalogue.terms import VersionTerms
from services.offices.actors import Actor
from services.requests.models import ServiceRequest, StageVisit


def stage_of(request: ServiceRequest) -> StageVisit:
    """Return the open visit of a locked request; raise InvalidTransition when it is in no stage."""
    if request.current_visit_id is None:
        raise InvalidTransition(
            "in_no_stage", _("The request is in no stage now. Look at it again.")
        )
    return StageVisit.objects.get(pk=request.current_visit_id)


def own_stage(request: ServiceRequest, terms: VersionTerms, *, by: Actor) -> StageVisit:
    """Return the open visit when the actor has its role here; raise NotAllowed otherwise."""
    visit = stage_of(request)
    if not by.holds(visit.actor_role, office_id=request.office_id, sector_id=terms.sector_id):
        raise NotAllowed(
            "not_your_stage",
            _("This stage is for another role. The request stays where it is."),
            role=visit.actor_role,
        )
    return visit
