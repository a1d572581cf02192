"""Seals and verifies the ledgers of every schema, each under the role that may write there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from owso.audit.ledgers import LEDGERS
from owso.audit.sealing import last_seal, seal_schema
from owso.audit.verifying import Verdict, verify_ledger
from tenants.context import as_national, as_portal, in_province
from tenants.models import Province
from tenants.tasks import national_task

logger = structlog.get_logger(__name__)
PUBLIC = "public"
Heads = dict[tuple[str, str], dict[int, bytes]]


@dataclass(frozen=True, slots=True)
class Place:
    """A schema that keeps ledgers: a province's, or the shared one (no province)."""

    province: Province | None

    @property
    def code(self) -> str:
        """The province's two digits, or `public`."""
        return PUBLIC if self.province is None else str(self.province.code)

    @property
    def name(self) -> str:
        """What people call it."""
        return "" if self.province is None else str(self.province.name_en)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Stand in the schema with the rights of those who work there."""
        with as_national() if self.province is None else in_province(self.province):
            yield


def places() -> tuple[Place, ...]:
    """Return the shared schema and every province."""
    with as_portal():
        return (Place(None), *map(Place, Province.objects.order_by("code")))


def seal(place: Place) -> int:
    """Seal what is final in both ledgers of a schema; return how many entries."""
    with place.entered():
        return seal_schema()


def verify(place: Place, heads: Heads | None = None) -> tuple[Verdict, ...]:
    """Verify both ledgers of a schema, against heads kept outside if there are any."""
    with place.entered():
        return tuple(
            verify_ledger(ledger, expected=(heads or {}).get((place.code, ledger.name)))
            for ledger in LEDGERS
        )


def heads_of(place: Place) -> list[str]:
    """Return the heads of a schema's chains, a line each: place, ledger, sequence, digest."""
    with place.entered():
        heads = [(ledger.name, last_seal(ledger)) for ledger in LEDGERS]
    return [
        f"{place.code} {name} {head.sequence} {bytes(head.digest).hex()}"
        for name, head in heads
        if head is not None
    ]


@national_task(name="tenants.auditing.seal_all")
def seal_all() -> None:
    """Seal every schema; one that fails does not stop the others."""
    for place in places():
        try:
            seal(place)
        except Exception:
            logger.exception("audit_not_sealed", place=place.code)


@national_task(name="tenants.auditing.verify_all", soft_time_limit=3300, time_limit=3500)
def verify_all() -> None:
    """Verify every schema; what is wrong goes to the log as an error."""
    for place in places():
        try:
            for verdict in verify(place):
                for fault in verdict.faults:
                    logger.error(
                        "audit_broken",
                        place=place.code,
                        ledger=verdict.ledger,
                        kind=str(fault.kind),
                        number=fault.number,
                    )
        except Exception:
            logger.exception("audit_not_verified", place=place.code)
