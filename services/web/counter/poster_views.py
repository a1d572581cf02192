"""The poster of fees and days, for the wall of the office."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.web.access import StaffRequest, needs
from services.web.counter.papers import pdf_response
from services.web.counter.register_page import services_at
from services.web.slips.posters import PosterPaper, poster_of
from services.web.slips.printing import poster_pdf
from tenants import clock


@needs(Verb.VIEW_QUEUE)
@require_safe
def posters(request: StaffRequest) -> HttpResponse:
    """Offer the poster of every sector, and of all of them."""
    services = services_at(request.desk)
    counts = {terms.sector_code: (terms.sector_name, 0) for terms in services}
    for terms in services:
        name, number = counts[terms.sector_code]
        counts[terms.sector_code] = (name, number + 1)
    context = {
        "office": request.desk,
        "sectors": [("", _("All sectors"), len(services))]
        + [(code, name, number) for code, (name, number) in counts.items()],
        "papers": PosterPaper.choices,
        "marked": sum(terms.has_placeholder for terms in services),
        "here": "posters",
    }
    return render(request, "counter/posters.html", context)


@needs(Verb.VIEW_QUEUE)
@require_safe
def poster(request: StaffRequest) -> HttpResponse:
    """Give the poster as a PDF, from the catalogue as it is in force today."""
    asked, sector = request.GET.get("paper", ""), request.GET.get("sector", "")
    paper = asked if asked in PosterPaper.values else PosterPaper.A4
    services = [terms for terms in services_at(request.desk) if sector in {"", terms.sector_code}]
    if not services:
        raise NotFound("sector_unknown", _("This office offers nothing in that sector."))
    made = poster_of(services, office=request.desk, on=clock.today(), paper=paper)
    return pdf_response(poster_pdf(made), f"owso-{request.desk.code}-fees-{paper}")
