"""The front page and the tracking page: one code, one query, no names."""

from functools import lru_cache
from zlib import crc32

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.template.loader import get_template, render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from owso.accounts.access import public
from owso.formats import language
from owso.middleware import client_address
from services.catalogue.queries import terms
from services.offices.calendars import calendar_seen
from services.requests.codes import format_code, parse_code, province_of
from services.requests.tracking import tracking
from services.requests.typed_codes import Mistake, read_code
from services.web.portal import lookups
from services.web.portal.advice import advice_on
from services.web.portal.answers import too_often
from services.web.portal.body import body_of
from services.web.portal.likely import likely_text
from services.web.portal.page import Case, page_of, tone_of
from tenants import clock
from tenants.context import as_portal, province_by_code

MAIN = "<!--main-->"
SHOWN_AGAIN = 60
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Ask for the code on the slip."""
    return _page(language(), "portal/_front.html")


@public
@csrf_exempt  # It only looks something up, and phones keep forms open for days.
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Go from what somebody typed to the page of the code."""
    if not lookups.may_look_up(client_address(request)):
        return _too_often(request)
    return _read((request.POST if request.method == "POST" else request.GET).get("code", ""))


@public
@require_safe
def track(request: HttpRequest, typed: str) -> HttpResponse:
    """Show where a request stands; every code that exists nowhere gets the same answer."""
    if not lookups.may_look_up(client_address(request)):
        return _too_often(request)
    code, name = parse_code(typed), language()
    if code is None:
        return _read(typed)
    case = _case(code, name)
    if case is None:
        return _miss(request)
    tag = f'W/"{case.seen.version}-{tone_of(case)}-{clock.local_day(case.now)}-{_release(name)}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag, **HEADERS})
    before, after = _shell(name)
    html = f"{before}{body_of(page_of(case), name, likely_text(case))}{after}"
    return HttpResponse(html, headers={"ETag": tag, **HEADERS})


def _read(typed: str) -> HttpResponse:
    """Go to the code that stands in a text, or say what is wrong with it; asks no database."""
    found = read_code(typed)
    if isinstance(found, Mistake):
        context = {"advice": advice_on(found, typed), "typed": typed[:SHOWN_AGAIN]}
        return _page(language(), "portal/_mistake.html", status=404, context=context)
    return HttpResponseRedirect(f"/t/{format_code(found)}", headers=HEADERS)


def _case(code: str, name: str) -> Case | None:
    province = province_by_code(province_of(code))
    if province is None:
        return None
    with as_portal():
        seen = tracking(code, schema_name=province.schema_name)
        if seen is None:
            return None
        calendar = calendar_seen(province.schema_name, seen.office_id, seen.office_hours_id)
        return Case(seen, terms(seen.service_version_id), calendar, clock.now(), name)


def _miss(request: HttpRequest) -> HttpResponse:
    if not lookups.may_miss(client_address(request)):
        return _too_often(request)
    return _page(language(), "portal/_unknown.html", status=404)


def _too_often(request: HttpRequest) -> HttpResponse:
    minutes = lookups.wait_minutes(client_address(request))
    text = ngettext(
        "Please try again in %(count)s minute.", "Please try again in %(count)s minutes.", minutes
    )
    return too_often(request, text % {"count": minutes}, minutes)


def _page(
    name: str, template: str, *, status: int = 200, context: dict[str, object] | None = None
) -> HttpResponse:
    before, after = _shell(name)
    body = get_template(template).render(context)
    return HttpResponse(f"{before}{body}{after}", status=status, headers=HEADERS)


@lru_cache(maxsize=4)
def _shell(name: str) -> tuple[str, str]:
    """What stands around the main part; the same for everybody who reads this language."""
    with translation.override(name):
        context = {"title": _("Follow your request"), "main": MAIN}
        before, after = render_to_string("portal/shell.html", context).split(MAIN)
    return before, after


@lru_cache(maxsize=4)
def _release(name: str) -> str:
    """Changes with the styles, so that a new release is not hidden by an old copy."""
    return f"{name}-{crc32(static('dist/public.css').encode()):x}"
