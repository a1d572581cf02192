"""What the applicant may know of the own file: code and last four digits of the phone open it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg import sql

from services.casework.contents import outcome_number
from services.cashier.queries import receipt_number
from services.requests.people import last4_hash_in
from tenants.models import Province

_ASK = sql.SQL("SELECT {}(%s, %s)::text")
DIGITS = 4


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """A paper the service asks for, and whether it lies in the file."""

    name_km: str
    name_en: str
    is_handed_in: bool


@dataclass(frozen=True, slots=True)
class PaymentSeen:
    """Money that was taken; whole riel. `receipt` is its printed number, empty without one."""

    receipt: str
    office_code: str
    year: int
    number: int
    amount_riel: int
    method: str
    paid_at: datetime
    reversed_riel: int


@dataclass(frozen=True, slots=True)
class DocumentSeen:
    """A document that was signed for this request; its token proves it genuine."""

    number: str
    token: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class ReadingSeen:
    """Readings of the personal data on one day, alike in kind, role and office; no names.

    `at` is the last of them. The office's name is empty where none gave the right.
    """

    at: datetime
    times: int
    kind: str
    role: str
    office_km: str
    office_en: str


@dataclass(frozen=True, slots=True)
class OwnFile:
    """The file of somebody who knows the code and the digits; the name comes masked."""

    name: str
    papers: tuple[PaperSeen, ...]
    fee_riel: int | None
    payments: tuple[PaymentSeen, ...]
    documents: tuple[DocumentSeen, ...]
    readings: tuple[ReadingSeen, ...]


def digits_hash(province: Province, digits: str) -> bytes:
    """Return the keyed hash under which a province keeps the last four digits of a phone."""
    return last4_hash_in(province.code, digits)


def own_file(code: str, hashed: bytes, *, schema_name: str) -> OwnFile | None:
    """Return the file of a parsed code when the hashed digits belong to its applicant.

    None for a code that does not exist, for wrong digits and for an applicant without a phone:
    the database is asked the same question in each case and says no more than "nothing".
    Works under the portal's role, which may call this function and read nothing behind it.
    """
    statement = _ASK.format(sql.Identifier(schema_name, "own_file"))
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None), [code, hashed])
        found = cursor.fetchone()[0]
    return None if found is None else _file(json.loads(found))


def _file(row: dict[str, Any]) -> OwnFile:
    return OwnFile(
        name=row["name"] or "",  # disposed of: the name is gone
        papers=tuple(PaperSeen(*each) for each in row["papers"] or ()),
        fee_riel=row["fee_riel"],
        payments=tuple(_payment(*each) for each in row["payments"] or ()),
        documents=tuple(_document(*each) for each in row["documents"] or ()),
        readings=tuple(_reading(*each) for each in row["readings"] or ()),
    )


def _payment(
    office: str | None, year: int | None, number: int | None, riel: int, method: str, *rest: Any
) -> PaymentSeen:
    paid_at, reversed_riel = rest
    printed = receipt_number(office, year, number) if office and year and number else ""
    moment = datetime.fromisoformat(paid_at)
    return PaymentSeen(
        printed, office or "", year or 0, number or 0, riel, method, moment, reversed_riel
    )


def _document(office: str, year: int, number: int, token: str, signed_at: str) -> DocumentSeen:
    return DocumentSeen(
        outcome_number(office, year, number), token, datetime.fromisoformat(signed_at)
    )


def _reading(
    at: str, times: int, kind: str, role: str, name_km: str | None, name_en: str | None
) -> ReadingSeen:
    moment = datetime.fromisoformat(at)
    return ReadingSeen(moment, times, kind, role, name_km or "", name_en or "")
