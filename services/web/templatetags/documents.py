"""The part of a file that shows its documents and takes new ones."""

from dataclasses import dataclass

from django import template
from django.template.defaultfilters import filesizeformat

from owso.accounts.permissions import Verb
from owso.formats import local_datetime
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.documents.kinds import CHOSEN
from services.documents.models import Document, DocumentLimits, Kind
from services.documents.queries import documents_of
from services.requests.models import ServiceRequest
from services.requests.states import CLOSED
from services.web.access import StaffRequest

register = template.Library()
_EXTENSIONS = [".pdf", ".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"]
# By extension only: told the media type of HEIC, telephones stop sending JPEG, which is smaller.
ACCEPTED = ",".join([*Kind.values, *_EXTENSIONS])


@dataclass(frozen=True, slots=True)
class Line:
    """One document; `paper` is empty for one that is not on the service's list."""

    id: int
    is_drawn: bool
    kind: str
    paper: str
    what: str
    who: str
    when: str
    withdrawn: str


@dataclass(frozen=True, slots=True)
class Papers:
    """All that the section needs; `choices` are the papers of the service."""

    lines: tuple[Line, ...]
    choices: tuple[tuple[int, str], ...]
    reasons: tuple[tuple[str, str], ...]
    may_attach: bool
    may_withdraw: bool
    accepted: str
    limit_bytes: int
    limit_megabytes: int


@register.simple_tag
def papers(request: StaffRequest, found: ServiceRequest, may_be_there: object = True) -> Papers:
    """Return the documents of a request and what this person may do with them.

    A page that knows of no document says so, and spares the query.
    """
    terms = terms_of(found.service_version_id)
    scope = {"office_id": found.office_id, "sector_id": terms.sector_id}
    is_open = found.state not in CLOSED
    return Papers(
        lines=tuple(_line(document, terms) for document in documents_of(found))
        if may_be_there is not False
        else (),
        choices=tuple((document.id, document.name) for document in terms.documents),
        reasons=tuple((each.value, str(each.label)) for each in CHOSEN),
        may_attach=is_open and request.actor.may(Verb.ATTACH_DOCUMENT, **scope),
        may_withdraw=request.actor.may(Verb.WITHDRAW_DOCUMENT, **scope),
        accepted=ACCEPTED,
        limit_bytes=DocumentLimits.FILE_BYTES,
        limit_megabytes=DocumentLimits.FILE_BYTES // (1024 * 1024),
    )


def _line(document: Document, terms: VersionTerms) -> Line:
    by, ended_by = document.attached_by, document.withdrawn_by
    names = {paper.id: paper.name for paper in terms.documents}
    withdrawn = ""
    if document.withdrawn_at is not None:
        why, name = (
            document.get_withdrawal_reason_display(),
            ended_by.full_name_km if ended_by else "",
        )
        parts = (why, name, local_datetime(document.withdrawn_at))
        withdrawn = " · ".join(part for part in parts if part)
    return Line(
        id=document.pk,
        is_drawn=document.small is not None and document.small.is_drawn,
        kind=Kind(document.kind).label,
        paper=names.get(document.paper_id or 0, ""),
        what=f"{Kind(document.kind).label} · {filesizeformat(document.size_bytes)}",
        who=by.full_name_km if by else "",
        when=local_datetime(document.attached_at),
        withdrawn=withdrawn,
    )
