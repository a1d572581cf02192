"""Letting a person in again, or out: one button each, with a reason, by somebody who is sure."""

import functools
from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from owso.accounts.models import User
from owso.accounts.permissions import Verb
from owso.accounts.sessions import is_fresh
from owso.errors import Conflict, Invalid
from services.offices.actions import (
    end_sessions_of,
    give_new_password,
    let_back_in,
    lock_out,
    reset_second_step,
)
from services.web.access import StaffRequest, needs
from services.web.flash import say
from services.web.office.people_views import password_page, show_person

MAX_INPUT = 500
Act = Callable[[StaffRequest, int, str], "HttpResponse | str"]


def _for(verb: Verb) -> Callable[[Act], Callable[..., HttpResponse]]:
    """Make a view of an act; who came in by a PIN or long ago signs in once more first."""

    def decorate(act: Act) -> Callable[..., HttpResponse]:
        @functools.wraps(act)
        def view(request: StaffRequest, user_id: int) -> HttpResponse:
            if not is_fresh(request):
                back = reverse("person", args=[user_id])
                query = urlencode({"full": "1", "next": back})
                return redirect(f"{reverse('sign_in')}?{query}")
            reason = request.POST.get("reason", "")[:MAX_INPUT]
            try:
                done = act(request, user_id, reason)
            except (Conflict, Invalid) as error:
                return show_person(request, user_id, trouble=error, reason=reason)
            if isinstance(done, str):
                say(request, done)
                return redirect("person", user_id=user_id)
            return done

        return needs(verb)(require_POST(view))

    return decorate


@_for(Verb.LET_IN)
def password(request: StaffRequest, user_id: int, reason: str) -> HttpResponse:
    """Give somebody a password for one sign-in, and show it once."""
    given = give_new_password(user_id, reason=reason, by=request.actor)
    return password_page(request, User.objects.get(pk=user_id), given)


@_for(Verb.LET_IN)
def sessions(request: StaffRequest, user_id: int, reason: str) -> str:
    """End every session of somebody."""
    end_sessions_of(user_id, reason=reason, by=request.actor)
    return _("Every session of this person is ended.")


@_for(Verb.MANAGE_OFFICES)
def second_step(request: StaffRequest, user_id: int, reason: str) -> str:
    """Take the second steps off somebody's account."""
    reset_second_step(user_id, reason=reason, by=request.actor)
    return _("The second steps are taken off. The person sets up a new one at the next sign-in.")


@_for(Verb.MANAGE_OFFICES)
def account(request: StaffRequest, user_id: int, reason: str) -> str:
    """Close or open an account."""
    if request.POST.get("step") == "open":
        let_back_in(user_id, reason=reason, by=request.actor)
        return _("The account is open again.")
    lock_out(user_id, reason=reason, by=request.actor)
    return _("The account is closed. Whoever was signed in is signed out.")
