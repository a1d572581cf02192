"""Writing notes for colleagues."""

from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.errors import InvalidTransition
from services.casework.kinds import NoteKind
from services.casework.models import Note
from services.offices.actors import Actor
from services.requests.locking import lock_for
from services.requests.models import ServiceRequest
from services.requests.texts import Fields, checked_now, clean_note
from services.requests.trail import trace
from services.requests.writing import write_together


def write_note(request_id: int, *, text: str, by: Actor, now: datetime | None = None) -> Note:
    """Add an internal note to a file; nobody alters it afterwards, only its time can end.

    Raises InvalidTransition when the time of the file has ended: the disposal comes once.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, _terms = lock_for("note", request_id, by=by)
        _check_kept(request)
        note = note_row(request, text, field="text", by=by, now=moment)
        write_together(note, trace(by, "note", request, before=request.state))
    return note


def note_row(
    request: ServiceRequest,
    text: str,
    *,
    field: str,
    by: Actor,
    now: datetime,
    kind: NoteKind = NoteKind.REMARK,
) -> Note:
    """Return a note about to be written; raise Invalid when it says nothing or too much."""
    fields = Fields()
    cleaned = clean_note(text, field=field, fields=fields, is_required=True)
    fields.refuse()
    return Note(request=request, kind=kind, text=cleaned, author_id=by.user_id, written_at=now)


def _check_kept(request: ServiceRequest) -> None:
    disposals = apps.get_model("privacy", "Disposal").objects
    is_closed = request.closed_at is not None
    if is_closed and disposals.filter(kind="files", subject_id=request.pk).exists():
        message = _("What was written in this file was removed; nothing more can be written.")
        raise InvalidTransition("file_disposed", message)
