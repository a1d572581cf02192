"""What the applicant reads of the own file, ready to print."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from owso.accounts.permissions import Role
from owso.audit.models import Reading
from owso.formats import local_datetime, local_day, riel
from services.bilingual import in_readers_language
from services.cashier.models import Method
from services.citizens.files import DocumentSeen, OwnFile, PaymentSeen, ReadingSeen
from services.citizens.receipts import printed_proof


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the service, and whether it lies in the file."""

    name: str
    is_handed_in: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that was taken; `check` is the address that proves the receipt."""

    receipt: str
    amount: str
    when: str
    check: str
    taken_back: str


@dataclass(frozen=True, slots=True)
class Document:
    """A signed document; `check` is the address that proves it."""

    number: str
    when: str
    check: str


@dataclass(frozen=True, slots=True)
class Look:
    """One line of who looked: when last, in which role and office, how, how often that day."""

    when: str
    who: str
    office: str
    how: str
    times: int


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything on the page."""

    name: str
    papers: tuple[Paper, ...]
    fee: str
    payments: tuple[Payment, ...]
    documents: tuple[Document, ...]
    looks: tuple[Look, ...]


def page_of(found: OwnFile) -> OwnPage:
    """Put the page together in the reader's language; asks the database nothing."""
    papers = (
        Paper(in_readers_language(each.name_km, each.name_en), each.is_handed_in)
        for each in found.papers
    )
    fee = "" if found.fee_riel is None else riel(found.fee_riel) if found.fee_riel else _("Free")
    return OwnPage(
        name=found.name,
        papers=tuple(papers),
        fee=fee,
        payments=tuple(map(_payment, found.payments)),
        documents=tuple(map(_document, found.documents)),
        looks=tuple(_looks(found.readings)),
    )


def _payment(paid: PaymentSeen) -> Payment:
    proof = printed_proof(paid.office_code, paid.year, paid.number) if paid.receipt else ""
    method = str(Method(paid.method).label)
    return Payment(
        receipt=paid.receipt,
        amount=riel(paid.amount_riel),
        when=f"{local_datetime(paid.paid_at)} · {method}",
        check=f"/g/{proof}" if proof else "",
        taken_back=riel(paid.reversed_riel) if paid.reversed_riel else "",
    )


def _document(signed: DocumentSeen) -> Document:
    return Document(signed.number, local_day(signed.signed_at, "year"), f"/g/{signed.token}")


def _looks(readings: Iterable[ReadingSeen]) -> Iterable[Look]:
    for each in readings:
        is_known = each.role in Role.values
        yield Look(
            when=local_datetime(each.at),
            who=str(Role(each.role).label) if is_known else _("The system"),
            office=in_readers_language(each.office_km, each.office_en),
            how=str(Reading(each.kind).label),
            times=each.times,
        )
