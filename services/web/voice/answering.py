"""What the citizens' pages of ratings and complaints share: limits and misses."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from limits import parse

from owso.limits import is_within, minutes_left
from owso.middleware import client_address
from services.web.portal import answers, lookups
from services.web.portal.answers import page
from tenants.context import province_by_code
from tenants.models import Province

VOICES = parse(settings.PORTAL_VOICES)


def may_look(request: HttpRequest) -> bool:
    """Count a look-up of this address and tell whether it may have an answer."""
    return lookups.may_look_up(client_address(request))


def may_speak(request: HttpRequest) -> bool:
    """Count a rating or a complaint of this address and tell whether it is still taken."""
    return is_within(VOICES, "voice", client_address(request))


def too_often(request: HttpRequest, minutes: int = 0) -> HttpResponse:
    """Answer an address that asks more than people do."""
    text = _("Too much came from one place. Nothing was kept. Please try again later.")
    return answers.too_often(request, text, minutes)


def spoke_too_often(request: HttpRequest) -> HttpResponse:
    """Answer an address that rated or complained too often."""
    return too_often(request, minutes_left(VOICES, "voice", client_address(request)))


def miss(request: HttpRequest, template: str) -> HttpResponse:
    """Answer a code that leads nowhere, always alike; guessing is counted."""
    if not lookups.may_miss(client_address(request)):
        return too_often(request)
    return page(template, {}, status=404)


def province_of(code: str | None) -> Province | None:
    """Return the province that a code begins with."""
    return None if code is None else province_by_code(code[:2])
