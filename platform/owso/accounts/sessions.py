"""What a session knows of how its person came in, and what is still to be done first."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from owso.accounts.history import unread_changes
from owso.accounts.models import OpenSession, User
from owso.accounts.permissions import needs_second_step
from owso.accounts.standing import has_second_step, lacks_second_step, tell_of_full_sign_in
from owso.accounts.trail import note
from owso.middleware import client_address

How = OpenSession.How
TODO, NEXT = "account_todo", "account_next"
PASSWORD, SECOND_STEP, NEWS = "password", "second_step", "news"
_HOW, _FULL_AT, _PENDING = "account_how", "account_full_at", "account_pending"
_HAS_STEP, _LEFT = "account_has_step", "account_left"
_PAGES = {PASSWORD: "change_password", SECOND_STEP: "security", NEWS: "account_news"}
FRESH_SECONDS = 30 * 60
"""For how long after a full sign-in a person may change how they sign in."""
PENDING_SECONDS = 10 * 60
"""How long the second step may take after the password."""
DEVICE_COOKIE = "owso_device"
"""The cookie by which a shared computer of an office is known."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody whose password was right and whose second step is still to come."""

    user_id: int
    next: str


def may_hold_session(request: HttpRequest) -> bool:
    """Tell whether this address reads sessions: citizens' pages never do."""
    is_province = getattr(request, "urlconf", None) == settings.ROOT_URLCONF
    return is_province or request.path_info.startswith(settings.MINISTRY_PATHS)


def begin_second_step(request: HttpRequest, user: User, wanted: str) -> None:
    """Remember that the password was right; nothing of a session before is kept."""
    request.session.flush()
    request.session[_PENDING] = {"user": user.pk, "at": time.time(), "next": wanted}


def pending(request: HttpRequest) -> Pending | None:
    """Return who is between the two steps, None when nobody is or it took too long."""
    found: dict[str, Any] | None = request.session.get(_PENDING)
    if found is None or time.time() - found["at"] > PENDING_SECONDS:
        return None
    return Pending(found["user"], found["next"])


def enter_fully(request: HttpRequest, user: User, wanted: str, *, step: str) -> HttpResponse:
    """Open the session of a person who gave everything asked for, and lead on.

    Whatever the account still lacks comes first: a password of one's own, a second step that
    a role needs. Then what others did to the account is read.
    """
    open_session(request, user, how=How.FULL, step=step)
    request.session[_FULL_AT] = time.time()
    todo = [
        *([PASSWORD] if user.must_change_password else []),
        *([SECOND_STEP] if lacks_second_step(user) else []),
        *([NEWS] if unread_changes(user) else []),
    ]
    tell_of_full_sign_in(user, request.COOKIES.get(DEVICE_COOKIE, ""))
    if not todo:
        return HttpResponseRedirect(wanted)
    request.session[TODO], request.session[NEXT] = todo, wanted
    return HttpResponseRedirect(page_of(todo[0]))


def page_of(step: str) -> str:
    """Return the address where something still missing is set up."""
    return resolve_url(_PAGES[step])


@transaction.atomic
def open_session(
    request: HttpRequest, user: User, *, how: How, verb: str = "sign_in", **facts: Any
) -> None:
    """Begin a session that holds nothing of the one before, and record it."""
    request.session.flush()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[_HOW], request.session[_HAS_STEP] = str(how), has_second_step(user)
    keep_open_session(request, user, how=how)
    note(verb, user, client_address(request), how=str(how), **facts)


def keep_open_session(request: HttpRequest, user: User, *, how: How) -> None:
    """List the session, under its present key, among the person's open ones."""
    OpenSession.objects.update_or_create(
        session_id=request.session.session_key,
        defaults={"user": user, "how": how, "address": client_address(request)},
    )


def lacks_step_for(request: HttpRequest, user: User, roles: Iterable[str]) -> bool:
    """Tell whether a role that was given since the sign-in asks for a step that is not set up.

    If so, the session is held back from now on. A session that no sign-in began carries no
    mark, and goes on.
    """
    if request.session.get(_HAS_STEP) is not False or not needs_second_step(roles):
        return False
    if has_second_step(user):
        request.session[_HAS_STEP] = True
        return False
    request.session[TODO] = [SECOND_STEP]
    return True


def gone(response: HttpResponse) -> HttpResponse:
    """Let the browser drop what it kept of this site, as the person has left."""
    response["Clear-Site-Data"] = '"cache"'
    response["Cache-Control"] = "no-store"
    return response


def settle(request: HttpRequest, step: str) -> str:
    """Mark something as set up; return where to go on: to what is left, or where one wanted to."""
    todo = [each for each in request.session.get(TODO, []) if each != step]
    if todo:
        request.session[TODO] = todo
        return page_of(todo[0])
    request.session.pop(TODO, None)
    return str(request.session.pop(NEXT, ""))


def began_by_sign_in(request: HttpRequest) -> bool:
    """Tell whether a sign-in, and not a program or a test, began this session."""
    return _HOW in request.session


def leave(request: HttpRequest, user: User, path: str) -> None:
    """Remember in a session without a name where its last person was, for that person alone."""
    is_here = url_has_allowed_host_and_scheme(path, {request.get_host()})
    request.session[_LEFT] = {"user": user.pk, "path": path if is_here else "/"}


def was_left(request: HttpRequest) -> bool:
    """Tell whether the screen was locked because nobody used it."""
    return _LEFT in request.session


def is_full(request: HttpRequest) -> bool:
    """Tell whether the person came in by everything the account asks for, not by a PIN."""
    return bool(request.session.get(_HOW) == How.FULL)


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether that was a moment ago."""
    return is_full(request) and time.time() - request.session.get(_FULL_AT, 0) < FRESH_SECONDS


def after_sign_in(request: HttpRequest, user: User | None = None) -> str:
    """Return where the person wanted to go, if it is a page of this host; else the first page.

    Whose screen was locked while unused comes back to where it was.
    """
    left = request.session.get(_LEFT)
    if user is not None and left is not None and left["user"] == user.pk:
        return str(left["path"])
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    return "/" if request.urlconf == settings.ROOT_URLCONF else "/national/"
