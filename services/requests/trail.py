"""The audit entry of an action on a request, as a row to be written with the others."""

from typing import Any

from owso.audit.models import AuditEntry
from services.offices.actors import Actor
from services.requests.models import ServiceRequest
from services.requests.writing import Drawn

NAME_LENGTH = 120
ADDRESS_LENGTH = 45


def trace(
    by: Actor, verb: str, request: ServiceRequest, *, before: str | None = None, **facts: Any
) -> AuditEntry:
    """Return who did what to a request and how its state changed; nothing personal."""
    state = str(request.state)
    return AuditEntry(
        actor_id=by.user_id,
        actor_name=by.name[:NAME_LENGTH],
        verb=verb,
        object_type="servicerequest",
        object_id=_as_text(request.pk),
        address=by.address[:ADDRESS_LENGTH],
        changes={"state": [before and str(before), state], **facts},
    )


def _as_text(key: Any) -> Any:
    """Return the key of a row as an entry keeps it; one still to be drawn becomes text there."""
    return key if isinstance(key, Drawn) else str(key)
