"""Attaching a document to a request, and withdrawing one."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.errors import AlreadyDone, Invalid, InvalidTransition, NotFound
from services.catalogue.queries import terms as terms_of
from services.documents import containers, storing
from services.documents.checking import checked
from services.documents.kinds import CHOSEN, DocumentLimits, Kind
from services.documents.models import Document
from services.documents.notifications import ask_for_thumbnail
from services.documents.storing import Stored
from services.offices.actors import Actor
from services.requests.models import ServiceRequest
from services.requests.states import CLOSED, State
from services.requests.trail import trace
from tenants import clock

FOLDER = "documents"


@dataclass(frozen=True, slots=True)
class Made:
    """A checked file that lies sealed on the disk and belongs to no request yet."""

    kind: Kind
    stored: Stored
    key_sealed: bytes


def attach_document(
    request_id: int, *, by: Actor, name: str, content: bytes, paper_id: int | None = None
) -> Document:
    """Check a file and attach it to a request, for one of the service's papers or none.

    Raises NotFound for a request the actor may not see, NotAllowed without the right,
    InvalidTransition for a closed request, Invalid for a file that cannot be accepted.
    """
    may_attach(request_id, by=by, paper_id=paper_id)
    made = make(name, content)
    try:
        with transaction.atomic():
            return keep(made, request_id, by=by, paper_id=paper_id)
    except Exception:
        storing.discard(made.stored.file_name)
        raise


def withdraw_document(
    document_id: int, *, by: Actor, reason: str, now: datetime | None = None
) -> Document:
    """Take a document out of the file: the row and its sealed content stay, nobody is shown it.

    Raises AlreadyDone when somebody has withdrawn it, Invalid for an unknown reason.
    """
    if reason not in CHOSEN:
        message = _("Choose why the document is withdrawn.")
        raise Invalid("reason_unknown", message, fields={"reason": message})
    request_id = Document.objects.values_list("request_id", flat=True).filter(pk=document_id)
    with transaction.atomic():
        request = _lock(request_id.first(), Verb.WITHDRAW_DOCUMENT, by=by)
        document = Document.objects.get(pk=document_id)
        if document.is_withdrawn:
            message = _("Somebody has already withdrawn this document.")
            raise AlreadyDone("already_withdrawn", message)
        document.withdrawn_at, document.withdrawn_by_id = now or clock.now(), by.user_id
        document.withdrawal_reason = reason
        document.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
        _trace(by, "withdraw_document", request, document, reason=reason)
    return document


def may_attach(request_id: int, *, by: Actor, paper_id: int | None) -> None:
    """Raise what would keep this actor from attaching a document, before its file is looked at."""
    request = ServiceRequest.objects.filter(pk=request_id).first()
    _check(request, Verb.ATTACH_DOCUMENT, by=by)
    assert request is not None
    _check_open(request)
    _check_paper(request, paper_id)


def make(name: str, content: bytes) -> Made:
    """Check a file and store it sealed with a key of its own; raise Invalid."""
    found, key = checked(name, content), containers.new_key()
    stored = storing.store(found.content, key, folder=FOLDER)
    return Made(found.kind, stored, containers.seal_key(key))


def keep(made: Made, request_id: int, *, by: Actor, paper_id: int | None) -> Document:
    """Make a stored file a document of a request, in the caller's transaction."""
    request = _lock(request_id, Verb.ATTACH_DOCUMENT, by=by)
    _check_open(request)
    _check_paper(request, paper_id)
    if request.documents.count() >= DocumentLimits.ON_ONE_REQUEST:
        message = _("This request has %(count)s documents; no more fit. Put pages into one PDF.")
        words = {"count": DocumentLimits.ON_ONE_REQUEST}
        raise Invalid("too_many_documents", message % words, fields={"file": message % words})
    document = Document.objects.create(
        request=request,
        paper_id=paper_id,
        kind=made.kind,
        size_bytes=made.stored.size_bytes,
        file_name=made.stored.file_name,
        key_sealed=made.key_sealed,
        digest=made.stored.digest,
        attached_by_id=by.user_id,
    )
    _trace(by, "attach_document", request, document, kind=str(made.kind))
    ask_for_thumbnail(document.pk)
    return document


def _lock(request_id: int | None, verb: Verb, *, by: Actor) -> ServiceRequest:
    locked = ServiceRequest.objects.select_for_update()
    request = None if request_id is None else locked.filter(pk=request_id).first()
    _check(request, verb, by=by)
    assert request is not None
    return request


def _check(request: ServiceRequest | None, verb: Verb, *, by: Actor) -> None:
    if request is None:
        raise NotFound
    sector_id = terms_of(request.service_version_id).sector_id
    if not by.may(Verb.VIEW_REQUEST, office_id=request.office_id, sector_id=sector_id):
        raise NotFound
    by.require(verb, office_id=request.office_id, sector_id=sector_id)


def _check_open(request: ServiceRequest) -> None:
    if request.state in CLOSED:
        message = _("This request is closed (“%(state)s”); nothing can be attached any more.")
        words = {"state": State(request.state).label}
        raise InvalidTransition("request_closed", message % words, state=request.state)


def _check_paper(request: ServiceRequest, paper_id: int | None) -> None:
    known = {document.id for document in terms_of(request.service_version_id).documents}
    if paper_id is not None and paper_id not in known:
        message = _("This paper does not belong to this service. Choose one from the list.")
        raise Invalid("paper_unknown", message, fields={"paper": message})


def _trace(by: Actor, verb: str, request: ServiceRequest, document: Document, **facts: str) -> None:
    entry = trace(by, verb, request, before=request.state, document=document.pk, **facts)
    entry.save(force_insert=True)
