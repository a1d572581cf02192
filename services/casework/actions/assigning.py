"""Taking a file, and giving it to somebody: who works on it in its present stage."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.errors import Conflict, Invalid
from services.casework.models import Assignment
from services.casework.stages import own_stage, stage_of
from services.offices.actors import Actor, Grant
from services.offices.models import StaffRole
from services.requests.locking import lock_for
from services.requests.models import ServiceRequest, StageVisit
from services.requests.texts import checked_now
from services.requests.trail import trace
from services.requests.writing import write_together


def take_file(
    request_id: int, *, by: Actor, seen_visit_id: int | None = None, now: datetime | None = None
) -> Assignment:
    """Make somebody of the stage's role the one who works on a file.

    Raises Conflict when a colleague has it; taking one's own file again changes nothing.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("take", request_id, by=by, seen_visit_id=seen_visit_id)
        visit = own_stage(request, terms, by=by)
        held = _held(request, visit)
        if held is not None and held.user_id == by.user_id:
            return held
        if held is not None:
            raise Conflict(
                "taken_by_colleague",
                _("%(who)s works on this file. Only the office chief can give it to somebody else.")
                % {"who": held.user.full_name_km},
            )
        assert by.user_id is not None
        return _give(request, visit, None, user_id=by.user_id, by=by, now=moment)


def assign_file(
    request_id: int,
    *,
    to_user_id: int,
    by: Actor,
    seen_visit_id: int | None = None,
    now: datetime | None = None,
) -> Assignment:
    """Give a file to somebody of the stage's role at its office, whoever has it now.

    Raises Invalid when that person does not hold the role there for the file's sector.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("assign", request_id, by=by, seen_visit_id=seen_visit_id)
        visit = stage_of(request)
        rows = StaffRole.objects.filter(
            user_id=to_user_id, user__is_active=True, role=visit.actor_role
        ).values_list("office_id", "sector_id")
        grants = [Grant(visit.actor_role, *row) for row in rows]  # type: ignore[arg-type]
        place = {"office_id": request.office_id, "sector_id": terms.sector_id}
        if not any(grant.covers(**place) for grant in grants):
            message = _("Choose somebody who has the role of this stage at this office.")
            raise Invalid("person_invalid", message, fields={"person": message})
        held = _held(request, visit)
        if held is not None and held.user_id == to_user_id:
            return held
        return _give(request, visit, held, user_id=to_user_id, by=by, now=moment)


def _held(request: ServiceRequest, visit: StageVisit) -> Assignment | None:
    found = Assignment.objects.filter(
        request=request, office_id=request.office_id, role=visit.actor_role
    )
    return found.select_related("user").first()


def _give(
    request: ServiceRequest,
    visit: StageVisit,
    held: Assignment | None,
    *,
    user_id: int,
    by: Actor,
    now: datetime,
) -> Assignment:
    before = None if held is None else held.user_id
    given = held or Assignment(request=request, office_id=request.office_id, role=visit.actor_role)
    given.user_id, given.given_by_id, given.given_at = user_id, by.user_id, now
    given.save()
    write_together(trace(by, "assign", request, before=request.state, person=[before, user_id]))
    return given
