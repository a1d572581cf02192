"""The papers of a request: attach one, look at one, withdraw one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.audit.models import Reading
from owso.errors import DomainError, Invalid
from owso.middleware import status_of
from services.documents.attaching import attach_document, withdraw_document
from services.documents.checking import check_size
from services.documents.models import Document, Kind
from services.documents.queries import content_of, document_of
from services.documents.thumbnails import thumbnail_content
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.web import private
from services.web.access import StaffRequest, needs
from services.web.counter.files import seen_request
from services.web.flash import say

# Nothing in a document runs, loads or sends anything, whatever a browser makes of it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
FILE_FIELDS = ("photo", "file")


@needs(Verb.VIEW_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: StaffRequest, code: str) -> HttpResponse:
    """Show the papers of a request on a page of their own, or attach the file of a form."""
    found = seen_request(request, code)
    if request.method != "POST":
        return _page(request, found)
    try:
        name, content = _sent(request)
        paper_id = paper_of(request.POST.get("paper", ""))
        attach_document(found.pk, by=request.actor, name=name, content=content, paper_id=paper_id)
    except Invalid as error:
        return _page(request, found, trouble=error)
    say(request, _("The document is attached."))
    return onward(found)


@needs(Verb.VIEW_REQUEST)
@require_safe
def show(request: StaffRequest, code: str, document_id: int) -> HttpResponse:
    """Give the content of a document to somebody who may see its request, and note it."""
    found = seen_request(request, code)
    document = document_of(found, document_id)
    return _shown(found, document, content_of(document), Kind(document.kind))


@needs(Verb.VIEW_REQUEST)
@require_safe
def small(request: StaffRequest, code: str, document_id: int) -> HttpResponse:
    """Give the small picture of a document as `show` gives the whole: it can be read, so noted."""
    found = seen_request(request, code)
    document = document_of(found, document_id)
    return _shown(found, document, thumbnail_content(document), Kind.JPEG)


@needs(Verb.WITHDRAW_DOCUMENT)
@require_POST
def withdraw(request: StaffRequest, code: str, document_id: int) -> HttpResponse:
    """Withdraw a document with a reason."""
    found = seen_request(request, code)
    document = document_of(found, document_id)
    try:
        withdraw_document(document.pk, by=request.actor, reason=request.POST.get("reason", ""))
    except Invalid as error:
        return _page(request, found, trouble=error)
    say(request, _("The document was taken out of the file. It is kept, and no longer shown."))
    return onward(found)


def onward(found: ServiceRequest) -> HttpResponse:
    """Go to the papers on the page of the request."""
    address = reverse("request", kwargs={"code": format_code(found.tracking_code)})
    return redirect(f"{address}#documents")


def paper_of(text: str) -> int | None:
    """Return the paper a form or an upload names; None for none, and none of ours for nonsense."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _shown(found: ServiceRequest, document: Document, content: bytes, kind: Kind) -> HttpResponse:
    private.note(found, Reading.DOCUMENT, str(document.pk))
    response = HttpResponse(content, content_type=kind.value)
    name = f"{format_code(found.tracking_code)}-{document.pk}.{kind.extension}"
    # Shown in the browser: a copy in a shared computer's download folder would stay there.
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _sent(request: HttpRequest) -> tuple[str, bytes]:
    for field in FILE_FIELDS:
        file = request.FILES.get(field)
        if file is not None:
            return str(file.name), file.read()
    # A file that does not fit is dropped on its way; the length tells.
    check_size(int(request.META.get("CONTENT_LENGTH") or 0))
    message = _("Choose a file, or take a photo.")
    raise Invalid("document_missing", message, fields={"file": message})


def _page(
    request: StaffRequest, found: ServiceRequest, *, trouble: DomainError | None = None
) -> HttpResponse:
    context = {
        "found": found,
        "code": format_code(found.tracking_code),
        "office": request.desk,
        "trouble": trouble,
    }
    status = status_of(trouble) if trouble else 200
    return render(request, "counter/documents.html", context, status=status)
