"""What citizens' pages answer beside the tracking page: pages nobody keeps, and "too often"."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from owso.errors import Message
from owso.middleware import client_address, error_page
from services.requests.codes import province_of
from services.requests.tracking import TrackingView, tracking
from services.web.portal import lookups
from tenants.context import as_portal, province_by_code
from tenants.models import Province

UNSEEN = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
"""Headers of what leaves no trace in caches, referrers and search engines."""


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


def page(
    template: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page that leaves no trace."""
    body = render_to_string(template, dict(context or {}))
    return HttpResponse(body, status=status, headers=UNSEEN)


def too_often(request: HttpRequest, text: Message, minutes: int = 0) -> HttpResponse:
    """Refuse an address for so many minutes, or for as long as it may not look codes up."""
    wait = minutes or lookups.wait_minutes(client_address(request))
    response = error_page(request, 429, message=text)
    response["Retry-After"] = str(wait * 60)
    return response
