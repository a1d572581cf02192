"""Reads of documents, each limited to what the actor may see."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from owso.errors import NotFound, Unavailable
from services.documents import containers, storing
from services.documents.containers import DamagedError
from services.documents.models import Document
from services.requests.models import ServiceRequest


def documents_of(request: ServiceRequest) -> Iterable[Document]:
    """Return the documents of a request the caller has found, also the withdrawn, oldest first."""
    found = Document.objects.filter(request=request).order_by("id")
    return found.select_related("attached_by", "withdrawn_by", "thumbnail")


def document_of(request: ServiceRequest, document_id: int) -> Document:
    """Return a document of a request the caller has found; raise NotFound, also when withdrawn."""
    found = Document.objects.filter(request=request, pk=document_id, withdrawn_at__isnull=True)
    document = found.select_related("thumbnail").first()
    if document is None:
        raise NotFound
    return document


def content_of(document: Document) -> bytes:
    """Return the content, wholly proved genuine; it may be shown once the reading is noted.

    Raises Unavailable (`document_altered`) when the file is missing or not what was attached.
    """
    try:
        return storing.load(document.file_name, containers.unseal_key(document.key_sealed))
    except DamagedError as error:
        message = _(
            "This document was altered or lost on the server and is not shown. Tell the"
            " administrator, and scan the paper again."
        )
        raise Unavailable("document_altered", message, document=document.pk) from error
