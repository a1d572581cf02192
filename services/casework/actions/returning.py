"""Sending a file back to an earlier stage."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid
from services.casework.actions.notes import note_row
from services.casework.kinds import NoteKind
from services.casework.stages import stage_of
from services.offices.actors import Actor
from services.requests.actions import advance_request
from services.requests.locking import lock_for
from services.requests.models import ServiceRequest
from services.requests.texts import checked_now
from services.requests.writing import write_together


def send_back(
    request_id: int,
    *,
    to_stage: str,
    reason: str,
    by: Actor,
    seen_visit_id: int | None = None,
    now: datetime | None = None,
) -> ServiceRequest:
    """Send a file to an earlier stage with a reason its people read; the legal clock goes on.

    A signed document does not go back.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("send_back", request_id, by=by, seen_visit_id=seen_visit_id)
        codes = [stage.code for stage in terms.stages]
        here = codes.index(stage_of(request).stage_code)
        if to_stage not in codes[:here]:
            message = _("Choose one of the stages before this one.")
            raise Invalid("stage_not_earlier", message, fields={"to_stage": message})
        kind = NoteKind.RETURNED
        write_together(note_row(request, reason, field="reason", by=by, now=moment, kind=kind))
        return advance_request(
            request_id,
            by=by,
            seen_visit_id=request.current_visit_id,
            to_stage=to_stage,
            now=moment,
        )
