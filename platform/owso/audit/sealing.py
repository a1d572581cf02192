"""Seals what became final in a ledger, after the fact: no writer ever waits for the chain.

An entry is final when every transaction up to its own has ended: nothing can still appear
before it. Entries are taken in that order, as the national figures take events, so that one
whose transaction was slow to commit is never passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connection, transaction
from psycopg import sql

from owso.audit.chain import NOTHING_BEFORE, Hasher, pack
from owso.audit.ledgers import LEDGERS, Ledger, Row
from owso.audit.models import AuditSeal
from owso.database.access import current

logger = structlog.get_logger(__name__)
BATCH = 1000

_MOMENT = """
SELECT pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text::bigint,
    coalesce(pg_sequence_last_value(%s::regclass), 0), clock_timestamp()
FROM pg_current_snapshot() AS s
"""
_FINAL = sql.SQL("""
SELECT {columns} FROM {table}
WHERE (xact_id, id) > (%s::text::xid8, %s) AND xact_id < %s::xid8
ORDER BY {table}.xact_id, id LIMIT %s
""")


@dataclass(frozen=True, slots=True)
class _Moment:
    horizon: str
    next_xact: int
    drawn_id: int
    at: datetime


def seal_schema(*, batch: int = BATCH) -> int:
    """Seal both ledgers of the schema entered now; return how many entries were sealed."""
    return sum(seal_ledger(ledger, batch=batch) for ledger in LEDGERS)


def seal_ledger(ledger: Ledger, *, batch: int = BATCH) -> int:
    """Seal everything final in a ledger of the current schema; return the number of entries.

    Each seal is one transaction: an end at any point leaves whole seals only. Two sealers at
    once wait for each other.
    """
    sealed = 0
    while True:
        taken = _seal_batch(ledger, batch)
        sealed += taken
        if taken < batch:
            return sealed


def last_seal(ledger: Ledger) -> AuditSeal | None:
    """Return the head of a ledger's chain."""
    return AuditSeal.objects.filter(ledger=ledger.name).order_by("-sequence").first()


@transaction.atomic
def _seal_batch(ledger: Ledger, batch: int) -> int:
    _wait_for_other_sealers(ledger)
    before = last_seal(ledger)
    moment = _moment(ledger)
    rows = _final_rows(ledger, before, moment, batch)
    if rows:
        made = _seal(ledger, before, moment, rows)
        made.save(force_insert=True)
        # The log is kept elsewhere: it is the first witness of a chain that was cut short.
        logger.info(
            "audit_sealed",
            ledger=ledger.name,
            sequence=made.sequence,
            entries=made.entries,
            digest=made.digest.hex(),
        )
    return len(rows)


def _wait_for_other_sealers(ledger: Ledger) -> None:
    name = f"{current().schema_name}:{ledger.name}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _moment(ledger: Ledger) -> _Moment:
    with connection.cursor() as cursor:
        cursor.execute(_MOMENT, [ledger.sequence])
        return _Moment(*cursor.fetchone())


def _final_rows(ledger: Ledger, before: AuditSeal | None, moment: _Moment, batch: int) -> list[Row]:
    start = (0, 0) if before is None else (before.last_xact, before.last_id)
    query = _FINAL.format(columns=ledger.selected, table=sql.Identifier(ledger.table))
    with connection.cursor() as cursor:
        cursor.execute(query, [*start, moment.horizon, batch])
        return list(cursor.fetchall())


def _seal(ledger: Ledger, before: AuditSeal | None, moment: _Moment, rows: list[Row]) -> AuditSeal:
    hasher = Hasher.newest(current().schema_name)
    last_id, last_xact = rows[-1][:2]
    made = AuditSeal(
        ledger=ledger.name,
        sequence=1 if before is None else before.sequence + 1,
        entries=len(rows),
        last_xact=int(last_xact),
        last_id=last_id,
        drawn_id=moment.drawn_id,
        next_xact=moment.next_xact,
        leaves=pack((row[0], hasher.leaf(row)) for row in rows),
        previous=NOTHING_BEFORE if before is None else bytes(before.digest),
        key_version=hasher.version,
        sealed_at=moment.at,
    )
    made.digest = hasher.digest(made)
    return made
