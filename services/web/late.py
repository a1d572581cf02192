"""A form sent from a screen that had locked meanwhile: not done, and its words are not lost.

Without a script nothing is kept as one types; what arrives too late is kept here instead.
"""

from typing import cast

from django.http import HttpRequest

from owso.accounts.models import User
from owso.errors import DomainError
from owso.middleware import client_address
from services.offices.actors import actor_of
from services.web.access import StaffRequest, desk_of
from services.web.counter.register_page import COPIES
from services.web.counter.register_typed import keep
from services.web.counter.unsent_views import keep_words

DRAFTS = {"register": "", COPIES: COPIES}


def keep_late_form(request: HttpRequest) -> None:
    """Keep what the person of this session sent; what they may not do any more is let go."""
    match = request.resolver_match
    assert match is not None
    assert isinstance(request.user, User)
    staff = cast("StaffRequest", request)
    staff.actor = actor_of(request.user, address=client_address(request))
    if not staff.actor.grants:
        return
    staff.desk = desk_of(request, staff.actor)
    name = match.url_name or ""
    try:
        if name in DRAFTS:
            keep(staff, DRAFTS[name])
        elif "code" in match.kwargs:
            opinion = match.kwargs.get("opinion_id")
            keep_words(staff, match.kwargs["code"], f"answer-{opinion}" if opinion else name)
    except DomainError:
        return
