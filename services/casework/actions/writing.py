"""Writing the draft of a document."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.errors import InvalidTransition
from services.casework.kinds import DRAFTING_ROLES
from services.casework.models import Draft
from services.casework.rules import issues_document
from services.casework.stages import own_stage
from services.offices.actors import Actor
from services.requests.locking import lock_for
from services.requests.texts import Fields, checked_now, clean_note
from services.requests.trail import trace
from services.requests.writing import write_together


def save_draft(
    request_id: int,
    *,
    body: str,
    by: Actor,
    seen_visit_id: int | None = None,
    now: datetime | None = None,
) -> Draft:
    """Keep a new version of the text that is going to be signed; earlier versions stay.

    It is written in a stage of the back office or of the chief, never by the signatory. The
    same text again makes no new version.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("draft", request_id, by=by, seen_visit_id=seen_visit_id)
        visit = own_stage(request, terms, by=by)
        if not issues_document(terms) or visit.actor_role not in DRAFTING_ROLES:
            raise InvalidTransition(
                "no_draft_here", _("No document is drafted in this stage of this service.")
            )
        fields = Fields()
        text = clean_note(body, field="body", fields=fields, is_required=True)
        fields.refuse()
        last = Draft.objects.filter(request=request).order_by("-number").first()
        if last is not None and last.body == text:
            return last
        draft = Draft(
            request=request,
            number=1 if last is None else last.number + 1,
            body=text,
            written_by_id=by.user_id,
            written_at=moment,
        )
        entry = trace(by, "draft", request, before=request.state, number=draft.number)
        write_together(draft, entry)
    return draft
