"""What the main navigation of the office pages needs to know of its reader."""

from typing import Any

from django.http import HttpRequest

from owso.accounts.permissions import TABLE, Verb
from services.escalation.queries import unread_count
from services.offices.actors import Actor


def office_pages(request: HttpRequest) -> dict[str, Any]:
    """Say which pages the reader may open; unread notices are counted only where they are shown."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or actor.user_id is None:
        return {}
    verbs = {verb for grant in actor.grants for verb in TABLE[grant.role]}
    user_id = actor.user_id
    return {
        "may_use_desk": Verb.REGISTER in verbs,
        "may_see_queue": Verb.VIEW_QUEUE in verbs,
        "may_oversee": Verb.OVERSEE in verbs,
        "may_run_office": Verb.RUN_OFFICE in verbs,
        "may_let_in": Verb.LET_IN in verbs,
        "may_manage_offices": Verb.MANAGE_OFFICES in verbs,
        "may_hold_data": Verb.HOLD_DATA in verbs,
        "may_answer_complaints": Verb.ANSWER_COMPLAINT in verbs,
        "may_see_voices": Verb.SEE_VOICES in verbs,
        "unread_notices": lambda: unread_count(user_id),
    }
