"""Signing in by a password and, where the account has one, a second step; and signing out."""

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from owso.accounts.access import public, signed_in
from owso.accounts.factors import Kind, kinds_of, use_code
from owso.accounts.guessing import Guesser, code_was_right, must_wait_for_code
from owso.accounts.models import User
from owso.accounts.passkeys import request_options, use_passkey
from owso.accounts.passwords import as_typed
from owso.accounts.sessions import (
    DEVICE_COOKIE,
    after_sign_in,
    begin_second_step,
    enter_fully,
    gone,
    pending,
    was_left,
)
from owso.accounts.standing import has_second_step
from owso.accounts.trail import note, note_failure
from owso.middleware import client_address

MAX_INPUT = 200


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Take name and password; say that they do not fit, never which of the two."""
    if request.method == "GET":
        return _to_tiles(request) or _form(request)
    username = _username(request)
    guesser = Guesser(client_address(request), username.casefold())
    if minutes := guesser.must_wait():
        return _form(request, error=wait_text(minutes), status=429)
    password = as_typed(request.POST.get("password", "")[:MAX_INPUT])
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        guesser.was_wrong()
        _note_wrong_password(request, username)
        text = _("User name and password do not fit together. Check both and try again.")
        return _form(request, error=text, status=422)
    guesser.was_right()
    wanted = after_sign_in(request, user)
    if has_second_step(user):
        begin_second_step(request, user, wanted)
        return redirect("second_step")
    return enter_fully(request, user, wanted, step="none")


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Take the code of the application, a recovery code or a passkey of whoever is pending."""
    waiting = pending(request)
    user = None if waiting is None else User.objects.filter(pk=waiting.user_id).first()
    if waiting is None or user is None or not user.is_active:
        return redirect("sign_in")
    if request.method == "GET":
        return _code_form(request, user)
    if minutes := must_wait_for_code(user.pk):
        return _code_form(request, user, error=wait_text(minutes), status=429)
    step = _shown(request, user)
    if not step:
        note_failure(user, client_address(request), step="second")
        text = _(
            "This did not fit, or the code was used already. Wait for the next code and try again."
        )
        return _code_form(request, user, error=text, status=422)
    code_was_right(user.pk)
    return enter_fully(request, user, waiting.next, step=step)


@signed_in
@require_POST
def used(request: HttpRequest) -> HttpResponse:
    """Hear that somebody is at the screen: a key was pressed and nothing was sent."""
    return HttpResponse(status=204)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the browser keeps nothing of it."""
    if isinstance(request.user, User):
        note("sign_out", request.user, client_address(request))
    logout(request)
    return gone(redirect("sign_in"))


def wait_text(minutes: int) -> str:
    """Say for how long nobody is let in."""
    return ngettext(
        "Too many wrong tries. Wait %(minutes)d minute, then try again.",
        "Too many wrong tries. Wait %(minutes)d minutes, then try again.",
        minutes,
    ) % {"minutes": minutes}


def _username(request: HttpRequest) -> str:
    return request.POST.get("username", "").strip()[:MAX_INPUT].replace("\x00", "")


def _to_tiles(request: HttpRequest) -> HttpResponse | None:
    """On a shared computer names come first; whoever asks for the password gets it."""
    if DEVICE_COOKIE not in request.COOKIES or "full" in request.GET:
        return None
    try:
        address = reverse("switch", urlconf=getattr(request, "urlconf", None))
    except NoReverseMatch:
        return None
    return HttpResponseRedirect(f"{address}?{urlencode({'next': after_sign_in(request)})}")


def _form(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    person = request.user if isinstance(request.user, User) else None
    context = {
        "error": error,
        "username": _username(request) or (person.username if person else ""),
        "is_again": person is not None,
        "next": after_sign_in(request),
        "was_left": was_left(request),
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def _note_wrong_password(request: HttpRequest, username: str) -> None:
    """Record the failure with the account it was tried on; unknown names leave no row."""
    if user := User.objects.filter(username=username).first():
        note_failure(user, client_address(request), step="password")


def _code_form(
    request: HttpRequest, user: User, *, error: str = "", status: int = 200
) -> HttpResponse:
    kinds = kinds_of(user)
    context = {
        "error": error,
        "has_application": Kind.TOTP in kinds,
        "has_codes": Kind.RECOVERY_CODES in kinds,
        "options": request_options(user) if Kind.WEBAUTHN in kinds else "",
    }
    return render(request, "accounts/second_step.html", context, status=status)


def _shown(request: HttpRequest, user: User) -> str:
    """Return by which kind of step the person has just proved who they are; empty if by none."""
    if credential := request.POST.get("credential"):
        return str(Kind.WEBAUTHN) if use_passkey(request, user, credential) else ""
    return use_code(user, request.POST.get("code", "")[:MAX_INPUT])
