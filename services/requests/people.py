"""Personal data on its way into the database: sealed to be read again, hashed to be found."""

from services.requests.intake import ApplicantDetails, RepresentationDetails
from services.requests.khmer import normalise
from services.requests.models import Applicant, Representation
from tenants import sealing


def applicant_row(details: ApplicantDetails, *, id: int) -> Applicant:  # noqa: A002 - a column
    """Return the row of an applicant, its number and phone sealed with the province's key."""
    paper = f"{details.id_kind}:{details.id_number}" if details.id_kind else ""
    return Applicant(
        id=id,
        full_name=details.full_name,
        name_search=normalise(details.full_name)[:200],
        sex=details.sex,
        id_kind=details.id_kind,
        id_sealed=sealed(details.id_number if details.id_kind else ""),
        id_hash=hashed(paper),
        phone_sealed=sealed(details.phone),
        phone_hash=hashed(details.phone),
        phone_last4_hash=last4_hash(details.phone) if details.phone else None,
        language=details.language,
    )


def representation_row(details: RepresentationDetails, *, request_id: int) -> Representation:
    """Return the row of somebody who acts for the applicant."""
    return Representation(
        request_id=request_id,
        name_sealed=sealing.seal(details.name),
        authority_kind=details.authority_kind,
        phone_sealed=sealed(details.phone),
        receives_notices=details.receives_notices,
    )


def sealed(text: str) -> bytes | None:
    """Return the text sealed, or None for no text."""
    return sealing.seal(text) if text else None


def hashed(text: str) -> bytes | None:
    """Return the keyed hash that finds the text again, or None for no text."""
    return sealing.keyed_hash(text) if text else None


def last4_hash(phone: str) -> bytes:
    """Return the keyed hash of the last four digits of a phone number."""
    return sealing.keyed_hash(_last4(phone))


def last4_hash_in(province_code: str, phone: str) -> bytes:
    """Return the same hash for a province that is not entered."""
    return sealing.keyed_hash_in(province_code, _last4(phone))


def _last4(phone: str) -> str:
    return f"last4:{phone[-4:]}"
