"""What a document says, in Khmer and in English: composed once and fixed by the signature."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from owso import formats
from owso.accounts.models import User
from owso.errors import NotFound
from services.casework.models import Draft, OutcomeDocument
from services.casework.tokens import format_token
from services.casework.wordings import Wording, wording_of
from services.catalogue.terms import VersionTerms
from services.offices.queries import office
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from tenants import sealing
from tenants.context import current_province


@dataclass(frozen=True, slots=True)
class Half:
    """A document in one language; the English half is a summary of the Khmer one."""

    title: str
    office: str
    number: str
    body: str
    facts: tuple[tuple[str, str], ...]
    signed: str
    signer: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is printed; `token` is empty for a draft."""

    km: Half
    en: Half
    service_code: str
    token: str
    is_practice: bool

    def as_json(self) -> str:
        """Return the content as the one text that is hashed and sealed."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def printed_token(self) -> str:
        """The token in groups, as people compare it."""
        return format_token(self.token) if self.token else ""


def content_of(
    request: ServiceRequest, terms: VersionTerms, document: OutcomeDocument | None = None
) -> Content:
    """Compose the document of a request: a draft, or what `document` is about to fix."""
    wording = wording_of(terms)
    with translation.override("km"):
        body = draft_text(request, terms)
        km = _half(request, terms, wording, document, body=body)
    with translation.override("en"):
        en = _half(request, terms, wording, document, body="")
    token = "" if document is None else document.token
    return Content(_in_khmer_digits(km), en, terms.service_code, token, _is_practice())


def signed_content(document: OutcomeDocument) -> Content:
    """Return what was signed, word for word.

    Raises NotFound when the content was removed at the end of its retention period.
    """
    if not document.content_sealed:
        message = _(
            "The content of this document was removed when its retention period ended. Its"
            " number and day of signing stay on record."
        )
        raise NotFound("content_disposed", message)
    found: dict[str, Any] = json.loads(sealing.unseal(bytes(document.content_sealed)))
    return Content(
        **{**found, "km": _half_from(found["km"]), "en": _half_from(found["en"])},
    )


def draft_text(request: ServiceRequest, terms: VersionTerms) -> str:
    """Return the Khmer text as it stands: the last draft, or the wording of the service."""
    last = Draft.objects.filter(request=request).order_by("-number").first()
    return proposed_text(request, terms) if last is None else last.body


def proposed_text(request: ServiceRequest, terms: VersionTerms) -> str:
    """Return the wording of the service filled in for a request, in Khmer."""
    with translation.override("km"):
        return wording_of(terms).body_km.format(
            applicant=_applicant(request),
            service=terms.name_km,
            office=office(request.office_id).name_km,
            code=format_code(request.tracking_code),
            received=formats.local_day(request.received_at, "year"),
        )


def outcome_number(office_code: str, year: int, number: int) -> str:
    """Return the number as it is printed: 0102/2026/000123."""
    return f"{office_code}/{year}/{number:06d}"


def _half(
    request: ServiceRequest,
    terms: VersionTerms,
    wording: Wording,
    document: OutcomeDocument | None,
    *,
    body: str,
) -> Half:
    place = office(request.office_id)
    number = signed = signer = ""
    if document is not None:
        number = outcome_number(place.code, document.year, document.number)
        signed = _("Signed on %(day)s") % {"day": formats.local_day(document.signed_at, "year")}
        user = User.objects.get(pk=document.signed_by_id)
        signer = (formats.language() == "en" and user.full_name_en) or user.full_name_km
    facts = (
        (_("Applicant"), _applicant(request)),
        (_("Service"), terms.name),
        (_("Request"), format_code(request.tracking_code)),
        (_("Valid for"), terms.validity),
    )
    return Half(
        title=wording.title,
        office=f"{formats.name_of(current_province())} · {formats.name_of(place)}",
        number=number,
        body=body,
        facts=tuple((name, text) for name, text in facts if text),
        signed=signed,
        signer=signer,
    )


def _half_from(found: dict[str, Any]) -> Half:
    facts = tuple((name, text) for name, text in found["facts"])
    return Half(**{**found, "facts": facts})


def _in_khmer_digits(half: Half) -> Half:
    """Official papers write ០-៩; the number and the codes stay as people type them."""
    return replace(
        half, body=formats.khmer_digits(half.body), signed=formats.khmer_digits(half.signed)
    )


def _applicant(request: ServiceRequest) -> str:
    return "" if request.applicant is None else request.applicant.full_name


def _is_practice() -> bool:
    return bool(current_province().is_practice)
