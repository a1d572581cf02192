"""One code, one query, no names: what the paper says of itself, and whether it is ours."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from owso.accounts.access import public
from owso.formats import local_day, name_of
from owso.middleware import client_address, error_page
from services.bilingual import in_readers_language
from services.casework.contents import outcome_number
from services.casework.genuine import GenuineDocument, genuine_document
from services.casework.tokens import format_token, parse_token
from services.catalogue.queries import terms
from services.web.portal import lookups
from tenants.context import as_portal, province_by_code

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@public
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the code under the picture, for those who cannot scan it."""
    typed = request.GET.get("code", "")
    if not typed:
        return _page("genuine/ask.html")
    token = parse_token(typed)
    if token is None:
        return _miss(request)
    return HttpResponseRedirect(f"/g/{format_token(token)}", headers=HEADERS)


@public
@require_safe
def check(request: HttpRequest, typed: str) -> HttpResponse:
    """Say what a genuine document says; every code that leads nowhere gets the same answer."""
    if not lookups.may_look_up(client_address(request)):
        return _too_often(request)
    token = parse_token(typed)
    with as_portal():
        found = None if token is None else _found(token)
        if token is None or found is None:
            return _miss(request)
        return _page("genuine/genuine.html", context=_told(token, found))


def _found(token: str) -> GenuineDocument | None:
    province = province_by_code(token[:2])
    if province is None:
        return None
    return genuine_document(token, schema_name=province.schema_name)


def _told(token: str, found: GenuineDocument) -> dict[str, object]:
    province = province_by_code(token[:2])
    return {
        "is_valid": found.is_valid,
        "number": outcome_number(found.office_code, found.year, found.number),
        "signed_on": local_day(found.signed_at, "year"),
        "office": in_readers_language(found.office_name_km, found.office_name_en),
        "province": name_of(province),
        "service": terms(found.service_version_id).name,
        "code": format_token(token),
    }


def _miss(request: HttpRequest) -> HttpResponse:
    if not lookups.may_miss(client_address(request)):
        return _too_often(request)
    return _page("genuine/unknown.html", status=404)


def _too_often(request: HttpRequest) -> HttpResponse:
    text = _("Too many checks from one place. Please try again in a few minutes.")
    response = error_page(request, 429, message=text)
    response["Retry-After"] = str(lookups.wait_minutes() * 60)
    return response


def _page(
    template: str, *, status: int = 200, context: dict[str, object] | None = None
) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), status=status, headers=HEADERS)
