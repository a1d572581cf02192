"""The printed slip of a request."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from owso.accounts.permissions import Verb
from services.requests.codes import format_code
from services.web.access import StaffRequest, needs
from services.web.counter.files import seen_request
from services.web.slips.printing import pdf_of
from services.web.slips.texts import slip_of


@needs(Verb.PRINT_SLIP)
@require_safe
def slip(request: StaffRequest, code: str) -> HttpResponse:
    """Give the application receipt and, when paid, the payment receipt as a PDF."""
    found = seen_request(request, code)
    response = HttpResponse(pdf_of(slip_of(found)), content_type="application/pdf")
    name = f"owso-{format_code(found.tracking_code)}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
