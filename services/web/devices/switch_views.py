"""Locking a shared computer, and the next person's coming in by name and PIN."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from owso.accounts.access import public
from owso.accounts.idle import lock_idle
from owso.accounts.models import User
from owso.accounts.sessions import (
    DEVICE_COOKIE,
    How,
    after_sign_in,
    gone,
    open_session,
    was_left,
)
from owso.errors import DomainError, Invalid
from owso.middleware import client_address, status_of
from services.devices.actions import lock, use_pin
from services.devices.models import Device
from services.devices.queries import device_of, names_at
from services.web.access import OFFICE_KEY

MAX_INPUT, MAX_ADDRESS = 20, 500


def device_here(request: HttpRequest) -> Device | None:
    """Return the shared computer this is, None when it is none."""
    cookie = request.COOKIES.get(DEVICE_COOKIE, "")
    return device_of(cookie) if cookie else None


@public
@require_POST
def lock_computer(request: HttpRequest) -> HttpResponse:
    """End the session wholly and show the names; the browser drops what it kept of this site.

    A screen that locks itself, as nobody uses it, says where its person was.
    """
    device = device_here(request)
    if isinstance(request.user, User):
        if "idle" in request.POST:
            lock_idle(request, request.POST.get("left", "")[:MAX_ADDRESS])
        else:
            lock(request.user, device, address=client_address(request))
            logout(request)
    return gone(redirect("switch" if device else "sign_in"))


@public
@never_cache
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest) -> HttpResponse:
    """Show who may come in by PIN here, and take the PIN; without names, ask for the password."""
    device = device_here(request)
    if device is None:
        return _to_password(request)
    if request.method == "GET":
        return _names(request, device)
    try:
        user, lasts = use_pin(
            device,
            _number(request),
            request.POST.get("pin", "")[:MAX_INPUT],
            address=client_address(request),
        )
    except DomainError as error:
        return _names(request, device, error=error)
    wanted = after_sign_in(request, user)
    open_session(request, user, how=How.PIN, verb="switch", device=device.pk)
    request.session.set_expiry(max(1, int(lasts.total_seconds())))
    request.session[OFFICE_KEY] = device.office_id
    return HttpResponseRedirect(wanted)


def _number(request: HttpRequest) -> int:
    text = request.POST.get("who", "")
    if not (text.isascii() and text.isdigit() and len(text) < MAX_INPUT):
        raise Invalid("who_missing", _("Choose your name, then type your PIN."))
    return int(text)


def _names(request: HttpRequest, device: Device, error: DomainError | None = None) -> HttpResponse:
    names = names_at(device)
    if not names and error is None:
        return _to_password(request)
    context = {
        "names": names,
        "chosen": request.POST.get("who", ""),
        "error": "" if error is None else str(error.message),
        "device": device,
        "office": device.office,
        "next": after_sign_in(request),
        "was_left": was_left(request),
    }
    status = 200 if error is None else status_of(error)
    return render(request, "devices/switch.html", context, status=status)


def _to_password(request: HttpRequest) -> HttpResponse:
    query = urlencode({"full": "1", "next": after_sign_in(request)})
    return HttpResponseRedirect(f"{reverse('sign_in')}?{query}")
