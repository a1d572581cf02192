"""What is taken in at the counter for a new request, cleaned before anything is written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from services.catalogue.terms import VersionTerms
from services.offices.queries import check_offered
from services.requests.models import AuthorityKind, IdKind, Sex
from services.requests.texts import (
    Fields,
    check_moment,
    clean_name,
    clean_paper_number,
    clean_phone,
)
from tenants import sealing

SOURCE_LENGTH = 60
SOURCE_REF_LENGTH = 120
LANGUAGES = ("km", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantDetails:
    """The person as entered; `id_number` belongs to `id_kind`; a phone may be left out."""

    full_name: str
    sex: str = ""
    id_kind: str = ""
    id_number: str = ""
    phone: str = ""
    language: str = "km"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationDetails:
    """Somebody who presents the papers for the applicant."""

    name: str
    authority_kind: str
    phone: str = ""
    receives_notices: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Everything a registration needs; `papers` None means not ticked paper by paper."""

    office_id: int
    terms: VersionTerms
    idempotency_key: UUID
    applicant: ApplicantDetails | None = None
    applicant_id: int | None = None
    quantity: int = 1
    fee_values: Mapping[str, str] = field(default_factory=dict)
    papers: frozenset[int] | None = None
    representation: RepresentationDetails | None = None
    is_complete: bool = True
    received_at: datetime | None = None
    source: str = ""
    source_ref: str = ""


def cleaned(intake: Intake) -> Intake:
    """Return the intake with clean texts; raise Invalid naming every wrong field.

    An entry of an older register is taken over whatever the office offers today.
    """
    if not intake.source:
        check_offered(intake.office_id, intake.terms.service_id)
    fields = Fields()
    applicant = intake.applicant and _clean_applicant(intake.applicant, fields)
    if (applicant is None) == (intake.applicant_id is None):
        fields.take("full_name", _("Enter a name."))
    representation = intake.representation and _clean_representation(intake.representation, fields)
    if intake.received_at is not None:
        check_moment(intake.received_at, field="received_at", fields=fields)
    if len(intake.source) > SOURCE_LENGTH or len(intake.source_ref) > SOURCE_REF_LENGTH:
        fields.take("source_ref", _("This reference is too long."))
    _check_papers(intake, fields)
    fields.refuse()
    return replace(intake, applicant=applicant, representation=representation)


def content_hash(intake: Intake) -> bytes:
    """Return a keyed hash of what was entered, to tell a repetition from another content."""
    content: dict[str, Any] = {
        "office": intake.office_id,
        "version": intake.terms.id,
        "applicant_id": intake.applicant_id,
        "applicant": intake.applicant and _as_list(intake.applicant),
        "quantity": intake.quantity,
        "fee_values": dict(intake.fee_values),
        "papers": intake.papers if intake.papers is None else sorted(intake.papers),
        "representation": intake.representation and _as_list(intake.representation),
        "is_complete": intake.is_complete,
        "source": [intake.source, intake.source_ref],
    }
    return sealing.keyed_hash(json.dumps(content, sort_keys=True))


def _as_list(details: ApplicantDetails | RepresentationDetails) -> list[Any]:
    return [getattr(details, name) for name in details.__dataclass_fields__]


def _clean_applicant(details: ApplicantDetails, fields: Fields) -> ApplicantDetails:
    number = details.id_number
    if details.id_kind:
        number = clean_paper_number(number, kind=details.id_kind, field="id_number", fields=fields)
    elif number.strip():
        fields.take("id_kind", _("Choose which paper this number is from."))
    if details.id_kind and details.id_kind not in IdKind.values:
        fields.take("id_kind", _("Choose one of the papers in the list."))
    if details.sex and details.sex not in Sex.values:
        fields.take("sex", _("Choose one of the answers in the list."))
    if details.language not in LANGUAGES:
        fields.take("language", _("Choose one of the answers in the list."))
    return replace(
        details,
        full_name=clean_name(details.full_name, field="full_name", fields=fields),
        id_number=number,
        phone=clean_phone(details.phone, field="phone", fields=fields),
    )


def _clean_representation(details: RepresentationDetails, fields: Fields) -> RepresentationDetails:
    if details.authority_kind not in AuthorityKind.values:
        fields.take("authority_kind", _("Choose one of the answers in the list."))
    phone = clean_phone(details.phone, field="representative_phone", fields=fields)
    if details.receives_notices and not phone:
        fields.take("representative_phone", _("Enter a phone number such as 012 345 678."))
    name = clean_name(details.name, field="representative_name", fields=fields)
    return replace(details, name=name, phone=phone)


def _check_papers(intake: Intake, fields: Fields) -> None:
    if intake.papers is None:
        return
    known = {document.id for document in intake.terms.documents}
    mandatory = {document.id for document in intake.terms.documents if document.is_mandatory}
    if not intake.papers <= known:
        fields.take("papers", _("One of these papers does not belong to this service."))
    elif intake.is_complete and not mandatory <= intake.papers:
        fields.take("papers", _("A mandatory paper is missing; register it as incomplete."))
