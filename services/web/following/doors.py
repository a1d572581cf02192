"""What the pages of following share: the request behind a typed code, and their limits."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from limits import parse

from owso.limits import is_within
from owso.middleware import client_address
from services.requests.codes import parse_code
from services.web.portal import answers, lookups
from services.web.portal.answers import Found, found_by, page

ASKED = parse("20 per hour")
"""How often one address may ask us to write to somebody."""


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
    return answers.too_often(request, text)
