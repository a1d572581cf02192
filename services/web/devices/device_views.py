"""This computer as a shared one: enrolling it, one's PIN for it, and the list of all."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from owso.accounts.access import fresh, signed_in
from owso.accounts.models import User
from owso.accounts.permissions import Verb
from owso.accounts.sessions import DEVICE_COOKIE
from owso.errors import DomainError, Invalid
from owso.middleware import client_address, status_of
from services.devices.actions import drop_pin, enrol_device, remove_device, set_pin
from services.devices.queries import has_pin, managed_devices, works_at
from services.offices.actors import Actor, actor_of
from services.offices.queries import offices
from services.web.access import StaffRequest, needs
from services.web.devices.switch_views import device_here
from services.web.flash import said, say

MAX_INPUT = 200
COOKIE_SECONDS = 365 * 24 * 3600


def _actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, User)
    return actor_of(request.user, address=client_address(request))


@fresh
@require_safe
def device_page(request: HttpRequest) -> HttpResponse:
    """Show whether this computer is shared, one's PIN here, and the computers one manages."""
    return _page(request)


@needs(Verb.MANAGE_DEVICES)
@fresh
@require_POST
def enrol(request: StaffRequest) -> HttpResponse:
    """Make this computer a shared one of an office, by a cookie that only it has."""
    office_id = request.POST.get("office", "")
    try:
        _device, cookie = enrol_device(
            int(office_id) if office_id.isascii() and office_id.isdigit() else 0,
            request.POST.get("label", "")[:MAX_INPUT],
            by=request.actor,
        )
    except Invalid as error:
        return _page(request, error)
    say(request, _("This computer is shared now. Set your PIN for it."))
    response = redirect("device")
    response.set_cookie(
        DEVICE_COOKIE,
        cookie,
        max_age=COOKIE_SECONDS,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


@needs(Verb.MANAGE_DEVICES)
@fresh
@require_POST
def remove(request: StaffRequest, device_id: int) -> HttpResponse:
    """Let a computer be shared no more."""
    here = device_here(request)
    remove_device(device_id, by=request.actor)
    say(request, _("The computer is removed. Its PINs open nothing any more."))
    response = redirect("device")
    if here is not None and here.pk == device_id:
        response.delete_cookie(DEVICE_COOKIE)
    return response


@fresh
@sensitive_post_parameters("pin", "again")
@require_POST
def choose_pin(request: HttpRequest) -> HttpResponse:
    """Set one's PIN for this computer."""
    device = device_here(request)
    if device is None:
        return redirect("device")
    assert isinstance(request.user, User)
    pin, again = (request.POST.get(name, "")[:MAX_INPUT] for name in ("pin", "again"))
    try:
        set_pin(device, request.user, pin, again, by=_actor(request))
    except DomainError as error:
        return _page(request, error)
    say(request, _("Your PIN is set for this computer."))
    return redirect("device")


@signed_in
@require_POST
def drop_own_pin(request: HttpRequest) -> HttpResponse:
    """Take one's PIN off this computer."""
    if device := device_here(request):
        assert isinstance(request.user, User)
        drop_pin(device, request.user, by=_actor(request))
        say(request, _("Your PIN is removed from this computer."))
    return HttpResponseRedirect("/")


def _page(request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
    actor, device = _actor(request), device_here(request)
    managed = [each for each in offices() if actor.may(Verb.MANAGE_DEVICES, office_id=each.id)]
    context = {
        "device": device,
        "may_set": device is not None and works_at(actor, device.office_id),
        "has_pin": device is not None and has_pin(device, actor.user_id or 0),
        "offices": managed,
        "devices": managed_devices(actor),
        "label": request.POST.get("label", ""),
        "hours": settings.PIN_HOURS,
        "error": "" if error is None else str(error.message),
        "said": said(request),
    }
    status = 200 if error is None else status_of(error)
    return render(request, "devices/device.html", context, status=status)
