"""Printing the papers of a request; every print is on record, the second says it is a copy."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.desk.actions import print_sheets
from services.desk.actions.printing import SLIPS
from services.desk.models import Sheet
from services.desk.queries import printings_of_job
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest, needs
from services.web.counter.files import seen_request
from services.web.counter.papers import paper_of, pdf_response, picture_response
from services.web.slips.printing import pdf_of, pictures_of
from services.web.slips.texts import Slip, slip_of
from tenants import clock


@needs(Verb.PRINT_SLIP)
@require_GET
def slip(request: StaffRequest, code: str) -> HttpResponse:
    """Print at once as a PDF; `?sheet=` names one paper, without it the slips come."""
    found = seen_request(request, code)
    return _pdf(request, found, _ordered(request, found))


@needs(Verb.PRINT_SLIP)
@require_POST
def print_slips(request: StaffRequest, code: str) -> HttpResponse:
    """Order a print; answers a page with pictures to print, or the way to the PDF."""
    found = seen_request(request, code)
    job = _ordered(request, found)
    code = format_code(found.tracking_code)
    if not request.headers.get("HX-Request"):
        return redirect("printed", code=code, job=job)
    rows = printings_of_job(request.actor, found, job)
    made = slip_of(found, rows, now=clock.now())
    context = {
        "code": code,
        "job": job,
        "paper": made.paper,
        # Many missing papers may fill more pages than there are sheets.
        "pages": range(len(pictures_of(made))),
        "is_copy": any(row.number > 1 for row in rows),
    }
    return render(request, "counter/_sheets.html", context)


@needs(Verb.PRINT_SLIP)
@require_safe
def printed(request: StaffRequest, code: str, job: UUID) -> HttpResponse:
    """Give the PDF of a print this person ordered; after two minutes it says it is a copy."""
    return _pdf(request, seen_request(request, code), job)


@needs(Verb.PRINT_SLIP)
@require_safe
def picture(request: StaffRequest, code: str, job: UUID, place: int) -> HttpResponse:
    """Give one sheet of a print as a picture."""
    pages = pictures_of(_slip(request, seen_request(request, code), job))
    if place >= len(pages):
        raise NotFound
    return picture_response(request, pages[place])


def _ordered(request: StaffRequest, found: ServiceRequest) -> UUID:
    data = request.POST if request.method == "POST" else request.GET
    asked = data.get("sheet", "")
    sheets = {Sheet(asked)} if asked in Sheet.values else SLIPS
    return print_sheets(found.pk, by=request.actor, sheets=sheets, paper=paper_of(request))


def _slip(request: StaffRequest, found: ServiceRequest, job: UUID) -> Slip:
    return slip_of(found, printings_of_job(request.actor, found, job), now=clock.now())


def _pdf(request: StaffRequest, found: ServiceRequest, job: UUID) -> HttpResponse:
    name = f"owso-{format_code(found.tracking_code)}"
    return pdf_response(pdf_of(_slip(request, found, job)), name)
