"""The catalogue for citizens: lists and search, and the page of each service."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from owso.accounts.access import public
from owso.middleware import error_page
from services.catalogue.terms import VersionTerms
from services.citizens.searching import MAX_TYPED
from services.web.catalogue.listing import listing_of, service_of
from services.web.catalogue.places import where_of
from services.web.catalogue.sheet import names_of, sheet_of
from services.web.kept import kept_page

PLACE = ("province", "office")
LONGEST = 40


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List sectors and life events, or what was chosen or typed."""
    asked = {name: request.GET.get(name, "")[:MAX_TYPED] for name in ("q", "sector", "event")}

    def make() -> str:
        listing = listing_of(query=asked["q"], sector=asked["sector"], event=asked["event"])
        return render_to_string("catalogue/index.html", {"listing": listing})

    return kept_page(request, ("services", *asked.values()), make)


@public
@require_safe
def service(request: HttpRequest, code: str) -> HttpResponse:
    """Show everything about one service, the fee worked out, and the offices of a province."""
    terms = service_of(code.upper()[:LONGEST])
    if terms is None:
        return error_page(request, 404)
    read = {name: request.GET[name][:LONGEST] for name in _read(terms) if name in request.GET}
    key = ("service", terms.service_code, *(f"{name}={value}" for name, value in read.items()))
    return kept_page(request, key, lambda: _page(terms, read))


def _read(terms: VersionTerms) -> tuple[str, ...]:
    return (*PLACE, *names_of(terms))


def _page(terms: VersionTerms, read: dict[str, str]) -> str:
    place = {name: read.get(name, "") for name in PLACE}
    answers = {name: value for name, value in read.items() if name not in PLACE}
    where = where_of(terms, province_code=place["province"], office_code=place["office"])
    kept = [(name, value) for name, value in answers.items() if value]
    context = {
        "sheet": sheet_of(terms, answers),
        "where": where,
        "place": [(name, value) for name, value in place.items() if value],
        "answers": kept,
    }
    return render_to_string("catalogue/service.html", context)
