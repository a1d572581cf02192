"""Signing in and out, with a limit on guessing."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from owso.accounts.access import public
from owso.accounts.models import User
from owso.limits import SIGN_IN, is_within
from owso.middleware import client_address, error_page

MAX_INPUT = 200


def _after(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    is_province = request.urlconf == settings.ROOT_URLCONF
    return "/" if is_province else "/national/"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let a person in, or say that name and password do not fit, never which of the two."""
    error = ""
    username = request.POST.get("username", "").strip()[:MAX_INPUT]
    if request.method == "POST":
        address = client_address(request)
        if not is_within(SIGN_IN, address, username.casefold()):
            return error_page(
                request,
                429,
                message=_("Too many attempts. Wait ten minutes, then try again."),
            )
        password = request.POST.get("password", "")[:MAX_INPUT]
        user = authenticate(request, username=username.replace("\x00", ""), password=password)
        if isinstance(user, User):
            login(request, user)
            return HttpResponseRedirect(_after(request))
        error = _("User name and password do not fit together. Check both and try again.")
    context = {"error": error, "username": username, "next": _after(request)}
    return render(request, "accounts/sign_in.html", context, status=422 if error else 200)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign_in")
