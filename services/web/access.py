"""What an office page must declare: which verb its reader needs."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from owso.accounts.access import View, signed_in
from owso.accounts.models import User
from owso.accounts.permissions import TABLE, Verb
from owso.accounts.sessions import SECOND_STEP, lacks_step_for, page_of
from owso.errors import NotAllowed
from owso.middleware import client_address
from services.offices.actors import Actor, actor_of
from services.offices.queries import OfficeTerms, office
from services.web import private
from services.web.packing import packed

OFFICE_KEY = "office_id"


class StaffRequest(HttpRequest):
    """An HTTP request whose sender was found to be staff with a role."""

    actor: Actor
    desk: OfficeTerms


def needs(verb: Verb) -> Callable[[View], View]:
    """Open a view to staff who hold this verb at some office; the actions check which.

    Gives the view `request.actor`, and `request.desk`: the office the person works at now.
    Whose personal data it takes is recorded before its page is sent.
    """

    def decorate(view: View) -> View:
        @signed_in
        @never_cache
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            assert isinstance(request.user, User)
            actor = actor_of(request.user, address=client_address(request))
            if not any(verb in TABLE[grant.role] for grant in actor.grants):
                raise NotAllowed(
                    "not_allowed", _("Your role does not include this. Ask the office chief.")
                )
            if lacks_step_for(request, request.user, (grant.role for grant in actor.grants)):
                return redirect(page_of(SECOND_STEP))
            request.actor = actor  # type: ignore[attr-defined]
            request.desk = desk_of(request, actor)  # type: ignore[attr-defined]
            with private.page_of(request):
                response = view(request, *args, **kwargs)
                private.answered(request, response)
            return packed(request, response)

        wrapper.access = verb  # type: ignore[attr-defined]
        return wrapper

    return decorate


def desk_of(request: HttpRequest, actor: Actor) -> OfficeTerms:
    """Return the office chosen in this session, or the first of the person's offices."""
    offices = [grant.office_id for grant in actor.grants]
    chosen = request.session.get(OFFICE_KEY)
    return office(chosen if chosen in offices else offices[0])
