"""What a person sets up for signing in: password, second steps, recovery codes, open sessions."""

from base64 import b64encode
from collections.abc import Callable

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from owso.accounts import factors, passwords, sessions
from owso.accounts.access import fresh, settles
from owso.accounts.factors import Kind
from owso.accounts.history import changes_by_others, confirm_read, unread_changes
from owso.accounts.models import OpenSession, User
from owso.accounts.passkeys import add_passkey, creation_options
from owso.accounts.sessions import NEWS, PASSWORD, SECOND_STEP, TODO, settle
from owso.accounts.standing import has_second_step, must_have_second_step
from owso.accounts.trail import note
from owso.errors import DomainError, Invalid
from owso.middleware import client_address

MAX_INPUT = 200
MAX_CREDENTIAL = 20_000
_SECRET, _SAID = "account_new_secret", "account_said"
_DATA_URI = "data:image/svg+xml;base64,"


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@settles(SECOND_STEP)
@fresh
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Show everything by which the account is entered."""
    user = _person(request)
    context = {
        "applications": factors.factors_of(user, Kind.TOTP),
        "passkeys": factors.factors_of(user, Kind.WEBAUTHN),
        "codes_left": len(factors.recovery_codes(user)),
        "is_needed": must_have_second_step(user),
        "is_setup": bool(request.session.get(TODO)),
        "sessions": OpenSession.objects.filter(user=user).order_by("-started_at"),
        "this_session": request.session.session_key,
        "changes": changes_by_others(user),
        "said": request.session.pop(_SAID, ""),
    }
    return render(request, "accounts/security.html", context)


@settles(NEWS)
@fresh
@require_http_methods(["GET", "POST"])
def news(request: HttpRequest) -> HttpResponse:
    """Show what others did to the account since it was last read; a POST goes on."""
    user = _person(request)
    changes = unread_changes(user)
    if request.method == "POST" or not changes:
        if changes:
            confirm_read(user, address=client_address(request))
        return redirect(settle(request, NEWS) or "security")
    return render(request, "accounts/news.html", {"changes": changes})


@settles(PASSWORD)
@fresh
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Take a new password; the other sessions of the person end."""
    user, refused = _person(request), None
    if request.method == "POST":
        names = ("current", "new", "again")
        given = {name: request.POST.get(name, "")[:MAX_INPUT] for name in names}
        try:
            passwords.change_password(user, **given, address=client_address(request))
        except Invalid as error:
            refused = error
        else:
            return _with_new_password(request, user)
    context = {
        "refused": refused,
        "is_setup": bool(request.session.get(TODO)),
        "is_given": user.must_change_password,
    }
    status = 422 if refused else 200
    return render(request, "accounts/change_password.html", context, status=status)


def _with_new_password(request: HttpRequest, user: User) -> HttpResponse:
    update_session_auth_hash(request, user)
    sessions.keep_open_session(request, user, how=OpenSession.How.FULL)
    passwords.end_sessions(user, except_key=str(request.session.session_key))
    was_setup = bool(request.session.get(TODO))
    wanted = settle(request, PASSWORD)
    if not was_setup:
        request.session[_SAID] = _("The password is changed. Your other sessions were ended.")
    return redirect(wanted or "security")


@settles(SECOND_STEP)
@fresh
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def add_application(request: HttpRequest) -> HttpResponse:
    """Show a new secret for an authenticator application, and take its first code."""
    user, refused = _person(request), None
    secret = request.session.setdefault(_SECRET, generate_totp_secret())
    if request.method == "POST":
        code = request.POST.get("code", "")[:MAX_INPUT]
        try:
            factors.add_application(user, secret, code, address=client_address(request))
        except Invalid as error:
            refused = error
        else:
            del request.session[_SECRET]
            return redirect("recovery_codes")
    context = {
        "refused": refused,
        "groups": [secret[start : start + 4] for start in range(0, len(secret), 4)],
        "qr": _qr(user, secret),
    }
    status = 422 if refused else 200
    return render(request, "accounts/add_application.html", context, status=status)


def _qr(user: User, secret: str) -> str:
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return _DATA_URI + b64encode(drawn.encode()).decode()


@settles(SECOND_STEP)
@fresh
@require_http_methods(["GET", "POST"])
def add_passkey_page(request: HttpRequest) -> HttpResponse:
    """Make a passkey on this computer or on a key, and keep it."""
    user, refused = _person(request), None
    if request.method == "POST":
        text = request.POST.get("credential", "")[:MAX_CREDENTIAL]
        try:
            add_passkey(request, user, text, request.POST.get("name", "")[:MAX_INPUT])
        except Invalid as error:
            refused = error
        else:
            return redirect("recovery_codes")
    context = {"refused": refused, "options": creation_options(user)}
    status = 422 if refused else 200
    return render(request, "accounts/add_passkey.html", context, status=status)


@settles(SECOND_STEP)
@fresh
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes that are left; a POST goes on to where the person wanted to go."""
    user = _person(request)
    if request.method == "POST":
        if has_second_step(user):
            return redirect(settle(request, SECOND_STEP) or "security")
        return redirect("security")
    context = {
        "codes": factors.recovery_codes(user),
        "is_setup": bool(request.session.get(TODO)),
        "name": user.username,
    }
    return render(request, "accounts/recovery_codes.html", context)


def _doing(action: Callable[..., str]) -> Callable[..., HttpResponse]:
    """Wrap something done by one button: it says what was done, or why not, on the next page."""

    def view(request: HttpRequest, **numbers: int) -> HttpResponse:
        try:
            said = action(request, _person(request), **numbers)
        except DomainError as error:
            said = str(error.message)
        request.session[_SAID] = said
        return redirect("security")

    return fresh(require_POST(view))


@_doing
def remove_factor(request: HttpRequest, user: User, factor_id: int) -> str:
    """Take one second step off."""
    factors.remove_factor(user, factor_id, address=client_address(request))
    return _("The second step is removed.")


@_doing
def renew_codes(request: HttpRequest, user: User) -> str:
    """Replace the recovery codes."""
    factors.renew_recovery_codes(user, address=client_address(request))
    return _("There are new recovery codes. The old ones open nothing any more.")


@_doing
def end_other_sessions(request: HttpRequest, user: User) -> str:
    """End every session of the person but this one."""
    count = passwords.end_sessions(user, except_key=str(request.session.session_key))
    note("sessions_ended", user, client_address(request), count=count)
    return _("Your other sessions were ended.")
