"""What the citizens' pages of ratings and complaints share: limits, misses, headers."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from limits import parse

from owso.limits import is_within, minutes_left
from owso.middleware import client_address, error_page
from services.web.portal import lookups
from tenants.context import province_by_code
from tenants.models import Province

VOICES = parse(settings.PORTAL_VOICES)
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def page(template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """Answer with a page that nobody keeps."""
    return HttpResponse(render_to_string(template, context), status=status, headers=HEADERS)


def may_look(request: HttpRequest) -> bool:
    """Count a look-up of this address and tell whether it may have an answer."""
    return lookups.may_look_up(client_address(request))


def may_speak(request: HttpRequest) -> bool:
    """Count a rating or a complaint of this address and tell whether it is still taken."""
    return is_within(VOICES, "voice", client_address(request))


def too_often(request: HttpRequest, minutes: int | None = None) -> HttpResponse:
    """Answer an address that asks more than people do."""
    wait = minutes or lookups.wait_minutes(client_address(request))
    text = _("Too much came from one place. Nothing was kept. Please try again later.")
    response = error_page(request, 429, message=text)
    response["Retry-After"] = str(wait * 60)
    return response


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
