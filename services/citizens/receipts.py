"""The proof of a payment receipt: its printed number and a mark only its province can make."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from psycopg import sql

from services.cashier.queries import receipt_number
from services.requests.codes import ALPHABET
from services.requests.khmer import arabic_digits, without_invisible
from tenants.sealing import keyed_hash_in

MARK_LENGTH = 10
BITS = 5
MAX_TYPED = 60
_LOOKALIKES = str.maketrans("OIL", "011")
_PARTS = re.compile(r"(\d{4,8})-(\d{4})-(\d{6,9})-([0-9A-Z]{10})")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—_.]+")


@dataclass(frozen=True, slots=True)
class ReceiptProof:
    """A receipt's number and the mark printed after it, as somebody scanned or typed them."""

    office_code: str
    year: int
    number: int
    mark: str

    @property
    def province_code(self) -> str:
        """The two digits of the province whose office gave the receipt."""
        return self.office_code[:2]

    @property
    def is_ours(self) -> bool:
        """Say whether the province made this mark for this number."""
        return self.mark == mark_of(self.office_code, self.year, self.number)


@dataclass(frozen=True, slots=True)
class GenuineReceipt:
    """What the paper says of itself but the name; whole riel."""

    office_name_km: str
    office_name_en: str
    tracking_code: str
    service_version_id: int
    amount_riel: int
    method: str
    paid_at: datetime
    reversed_riel: int


_COLUMNS = tuple(GenuineReceipt.__dataclass_fields__)
_SELECT = sql.SQL(
    "SELECT {columns} FROM {view} WHERE office_code = %s AND year = %s AND number = %s"
)


def mark_of(office_code: str, year: int, number: int) -> str:
    """Return the ten characters, 50 bits, that prove a receipt number of a province.

    Numbers follow one another: without the mark anybody could read every receipt of an office.
    """
    text = f"receipt:{receipt_number(office_code, year, number)}"
    digest = keyed_hash_in(office_code[:2], text)
    value = int.from_bytes(digest[:8], "big") >> (64 - BITS * MARK_LENGTH)
    return "".join(
        ALPHABET[(value >> (BITS * place)) % 32] for place in reversed(range(MARK_LENGTH))
    )


def printed_proof(office_code: str, year: int, number: int) -> str:
    """Return number and mark as they are printed: 0102-2026-000123-K7Q4M-7TD3X."""
    mark = mark_of(office_code, year, number)
    return f"{receipt_number(office_code, year, number)}-{mark[:5]}-{mark[5:]}"


def parse_proof(text: str) -> ReceiptProof | None:
    """Return what somebody scanned or typed, or None when it cannot be a receipt's proof.

    Spaces for dashes, small letters, O for 0, I and L for 1 and Khmer digits are forgiven.
    """
    if len(text) > MAX_TYPED:
        return None
    plain = arabic_digits(without_invisible(text)).strip().upper().translate(_LOOKALIKES)
    groups = _SEPARATORS.split(plain)
    found = _PARTS.fullmatch("-".join(groups[:3]) + "-" + "".join(groups[3:]))
    if found is None:
        return None
    office_code, year, number, mark = found.groups()
    return ReceiptProof(office_code, int(year), int(number), mark)


def genuine_receipt(proof: ReceiptProof, *, schema_name: str) -> GenuineReceipt | None:
    """Return the receipt of a proof, None when the mark is not ours or there is none.

    A forged mark is seen without the database. Works under the portal's role.
    """
    if not proof.is_ours:
        return None
    statement = _SELECT.format(
        columns=sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)),
        view=sql.Identifier(schema_name, "genuine_receipt"),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None), [proof.office_code, proof.year, proof.number])
        row = cursor.fetchone()
    return None if row is None else GenuineReceipt(*row)
