"""The document of a request as a PDF: the signed one, or the draft under a water mark."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.casework.contents import content_of, signed_content
from services.casework.models import OutcomeDocument
from services.casework.rules import issues_document
from services.catalogue.queries import terms as terms_of
from services.requests.codes import format_code
from services.web.access import StaffRequest, needs
from services.web.counter.files import seen_request
from services.web.outcomes.printing import pdf_of


@needs(Verb.PRINT_OUTCOME)
@require_safe
def outcome(request: StaffRequest, code: str) -> HttpResponse:
    """Give the document; 404 for a service that issues none."""
    found = seen_request(request, code)
    terms = terms_of(found.service_version_id)
    document = OutcomeDocument.objects.filter(request=found).first()
    if document is None and not issues_document(terms):
        raise NotFound
    content = content_of(found, terms) if document is None else signed_content(document)
    response = HttpResponse(pdf_of(content), content_type="application/pdf")
    name = f"owso-{format_code(found.tracking_code)}-document.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
