"""The first thing every action does: lock the request and see that the step may be taken."""

from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.errors import AlreadyDone, DomainError, InvalidTransition, NotFound
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.offices.actors import Actor
from services.requests.fields import NextId
from services.requests.models import ServiceRequest, StageVisit
from services.requests.states import STEPS, State
from services.requests.writing import sequence_of


def lock_for(
    step: str, request_id: int, *, by: Actor, seen_visit_id: int | None = None
) -> tuple[ServiceRequest, VersionTerms]:
    """Lock a request for a step and return it with the terms it was registered under.

    Raises NotFound for a request the actor may not see, NotAllowed without the right,
    AlreadyDone when the request moved on since it was looked at, also to another office,
    InvalidTransition when its state does not have this step. `seen_visit_id` None: nobody
    looked (imports, later pages).
    """
    request = ServiceRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise NotFound
    found = terms_of(request.service_version_id)
    scope = {"office_id": request.office_id, "sector_id": found.sector_id}
    if not by.may(Verb.VIEW_REQUEST, **scope):
        raise _out_of_reach(request, by=by)
    by.require(STEPS[step].verb, **scope)
    _check_step(step, request, seen_visit_id)
    return request, found


def visit_to_leave(request: ServiceRequest) -> tuple[StageVisit, int]:
    """Return the open visit of a locked request and an id for the one that follows it."""
    assert request.current_visit_id is not None
    following = NextId(Value(sequence_of(StageVisit)))
    visit = StageVisit.objects.annotate(next_id=following).get(pk=request.current_visit_id)
    return visit, visit.next_id


def running_state(terms: VersionTerms, stage_code: str) -> State:
    """Return the state of a request whose clock runs: registered until its first stage is left."""
    is_first = stage_code == terms.stages[0].code
    return State.REGISTERED if is_first else State.IN_PROGRESS


def bump(request: ServiceRequest) -> None:
    """Count one change of the request: its page has a new ETag."""
    request.version += 1


def _out_of_reach(request: ServiceRequest, *, by: Actor) -> DomainError:
    if not ServiceRequest.objects.visible_to(by).filter(pk=request.pk).exists():
        return NotFound()
    return AlreadyDone(
        "forwarded_away",
        _("This file lies at another office now. You can read it; that office goes on with it."),
        version=request.version,
    )


def _check_step(step: str, request: ServiceRequest, seen_visit_id: int | None) -> None:
    state = State(request.state)
    has_moved = seen_visit_id is not None and seen_visit_id != request.current_visit_id
    if state in STEPS[step].done or (has_moved and step != "deliver"):
        raise AlreadyDone(
            "already_done",
            _("Somebody has already moved this request on. Look at it again before you go on."),
            state=state.value,
            version=request.version,
        )
    if state not in STEPS[step].begins:
        raise InvalidTransition(
            "no_such_step",
            _("This step is not possible now: the request is “%(state)s”.")
            % {"state": state.label},
            step=step,
            state=state.value,
        )
