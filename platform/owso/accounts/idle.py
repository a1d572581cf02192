"""Locks a screen that nobody uses; the server goes by the last use, whatever the browser does.

The last use stands in a signed cookie bound to the session, so that a page costs no query
more; without it, or with an old one, the session ends. A request that a page sends by itself,
while nobody presses a key, says so and is no use.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from owso.accounts.models import User
from owso.accounts.sessions import (
    DEVICE_COOKIE,
    began_by_sign_in,
    gone,
    leave,
    may_hold_session,
)
from owso.accounts.trail import note
from owso.middleware import client_address

COOKIE = "owso_used"
UNATTENDED = "X-Unattended"
REFRESH_SECONDS = 10
"""How old the cookie grows before a use renews it."""
GetResponse = Callable[[HttpRequest], HttpResponse]


def idle_seconds(request: HttpRequest) -> int:
    """Return after how many seconds without use this computer locks; 0: never.

    Only province hosts lock: the national page also hangs on a wall.
    """
    if getattr(request, "urlconf", None) != settings.ROOT_URLCONF:
        return 0
    is_shared = DEVICE_COOKIE in request.COOKIES
    return 60 * (settings.IDLE_LOCK_MINUTES if is_shared else settings.IDLE_LOCK_MINUTES_ELSEWHERE)


def idle_page(request: HttpRequest) -> dict[str, Any]:
    """Tell templates when the screen locks."""
    return {"idle_seconds": idle_seconds(request)}


class IdleMiddleware:
    """Ends a session that nobody used for too long, before any view answers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_used(request) and _is_watched(request) and _age(request) > REFRESH_SECONDS:
            _renew(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lock, and lead to the names; a view that is open to everybody goes on without a name."""
        limit = idle_seconds(request)
        if not limit or not _is_watched(request) or _age(request) <= limit:
            return None
        if request.method == "POST":
            _keep_words(request)
        lock_idle(request, _address_of(request))
        return None if getattr(view, "access", "") == "public" else _led(request, view)


def lock_idle(request: HttpRequest, left_at: str) -> None:
    """End the session of an unused screen, and remember for its person where it was."""
    user = request.user
    assert isinstance(user, User)
    note("lock", user, client_address(request), idle=True)
    logout(request)
    leave(request, user, left_at)


@lru_cache(maxsize=1)
def _keepers() -> tuple[Callable[[HttpRequest], None], ...]:
    return tuple(import_string(path) for path in settings.BEFORE_IDLE_LOCK)


def _keep_words(request: HttpRequest) -> None:
    """Let the offices' part keep what was sent too late, before its person is gone."""
    for keep in _keepers():
        keep(request)


def _is_watched(request: HttpRequest) -> bool:
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES or request.session.modified
    return (
        has_session
        and may_hold_session(request)
        and began_by_sign_in(request)
        and request.user.is_authenticated
    )


def _is_used(request: HttpRequest) -> bool:
    return hasattr(request, "session") and UNATTENDED not in request.headers


def _signer(request: HttpRequest) -> signing.Signer:
    return signing.Signer(salt=f"{COOKIE}.{request.session.session_key}")


def _age(request: HttpRequest) -> float:
    """Return for how many seconds this session was not used; endless when nothing tells it."""
    try:
        used_at = int(_signer(request).unsign(request.COOKIES.get(COOKIE, "")))
    except (signing.BadSignature, ValueError):
        return float("inf")
    return time.time() - used_at


def _renew(request: HttpRequest, response: HttpResponse) -> None:
    response.set_cookie(
        COOKIE,
        _signer(request).sign(str(int(time.time()))),
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _address_of(request: HttpRequest) -> str:
    """Return the page to come back to; what was sent after the lock is not done."""
    if "HX-Request" in request.headers:
        return request.headers.get("HX-Current-URL", "")
    return (
        request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "")
    )


def _led(request: HttpRequest, view: Callable[..., Any]) -> HttpResponse:
    if hasattr(view, "cls"):
        title = _("The screen was locked because nobody used it. Sign in again.")
        body = {"status": 403, "code": "screen_locked", "title": title}
        return JsonResponse(body, status=403, content_type="application/problem+json")
    page = "/computer/" if DEVICE_COOKIE in request.COOKIES else "/account/sign-in/"
    if request.headers.get("HX-Request") == "true":
        return gone(HttpResponse(status=204, headers={"HX-Redirect": page}))
    return gone(HttpResponseRedirect(page))
