"""Invented applicants with papers and phones, sealed with the province's key."""

from dataclasses import dataclass
from random import Random

from services.demo import names, proportions
from services.demo.lines import NULL, Lines
from tenants.sealing import Sealer

PHONE_PREFIXES = (
    "10",
    "11",
    "12",
    "15",
    "16",
    "17",
    "69",
    "70",
    "77",
    "81",
    "85",
    "89",
    "92",
    "93",
)
BOOKS = ("family_book", "residence_book")


@dataclass(frozen=True, slots=True)
class InventedApplicant:
    """An applicant who has been written; the name is kept sealed, as a collector's."""

    id: int
    name_sealed: str


class Crowd:
    """The applicants of one batch: some are new, some come again."""

    def __init__(self, lines: Lines, rng: Random) -> None:
        self._sealer = Sealer()
        self._lines = lines
        self._rng = rng
        self._known: list[InventedApplicant] = []

    def next(self, created_at: str) -> InventedApplicant:
        """Return who files the next request."""
        rng = self._rng
        if self._known and rng.random() > proportions.NEW_APPLICANT_SHARE:
            return self._known[int(rng.random() * len(self._known))]
        person = names.invent(rng)
        number = f"{rng.getrandbits(29) % 900_000_000 + 100_000_000}"
        has_card = rng.random() < proportions.NATIONAL_ID_SHARE
        kind = "national_id" if has_card else BOOKS[rng.getrandbits(1)]
        known = InventedApplicant(next(self._lines.ids.applicant), self.seal(person.name_km))
        self._lines.add(
            "requests_applicant",
            known.id,
            person.name_km,
            person.name_search,
            person.sex,
            kind,
            self.seal(number),
            self._hash(f"{kind}:{number}"),
            *self._phone(),
            "km",
            created_at,
        )
        self._known.append(known)
        return known

    def _phone(self) -> tuple[str, str, str]:
        rng = self._rng
        if rng.random() > proportions.PHONE_SHARE:
            return NULL, NULL, NULL
        prefix = PHONE_PREFIXES[int(rng.random() * len(PHONE_PREFIXES))]
        phone = f"+855{prefix}{200_000 + rng.getrandbits(19)}"
        return self.seal(phone), self._hash(phone), self._hash(f"last4:{phone[-4:]}")

    def seal(self, text: str) -> str:
        """Return a text sealed for the current province, as COPY reads it."""
        return as_bytea(self._sealer.seal(text))

    def _hash(self, text: str) -> str:
        # As in services.requests.people, which builds one row at a time.
        return as_bytea(self._sealer.keyed_hash(text))


def as_bytea(value: bytes) -> str:
    """Return bytes as COPY reads them."""
    return f"\\\\x{value.hex()}"
