"""What the pages of following share: the request behind a code, limits, pages without traces."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from limits import parse

from owso.limits import is_within
from owso.middleware import client_address, error_page
from services.requests.codes import parse_code, province_of
from services.requests.tracking import TrackingView, tracking
from services.web.portal import lookups
from tenants.context import as_portal, province_by_code
from tenants.models import Province

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
ASKED = parse("20 per hour")
"""How often one address may ask us to write to somebody."""


@dataclass(frozen=True, slots=True)
class Found:
    """A request that exists, and the province it is in."""

    province: Province
    seen: TrackingView


def found_by(code: str | None) -> Found | None:
    """Return the request of a parsed code as the portal sees it."""
    province = None if code is None else province_by_code(province_of(code))
    if code is None or province is None:
        return None
    with as_portal():
        seen = tracking(code, schema_name=province.schema_name)
    return None if seen is None else Found(province, seen)


def looked_up(request: HttpRequest, typed: str) -> Found | HttpResponse:
    """Return the request of a typed code, or the answer that the tracking page gives too."""
    address = client_address(request)
    if not lookups.may_look_up(address):
        return too_often(request)
    found = found_by(parse_code(typed))
    if found is not None:
        return found
    if not lookups.may_miss(address):
        return too_often(request)
    return page("following/unknown.html", status=404)


def may_ask(request: HttpRequest) -> bool:
    """Count that this address has us write to somebody, and tell whether it still may."""
    return is_within(ASKED, "follow", client_address(request))


def too_often(request: HttpRequest) -> HttpResponse:
    """Answer an address that asks too often."""
    text = _("Too many questions from one place. Please try again in a few minutes.")
    response = error_page(request, 429, message=text)
    response["Retry-After"] = str(lookups.wait_minutes(client_address(request)) * 60)
    return response


def page(
    template: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page that leaves no trace in caches and referrers."""
    body = render_to_string(template, dict(context or {}))
    return HttpResponse(body, status=status, headers=HEADERS)
