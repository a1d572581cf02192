"""Folds the events of a province into the national facts, each event exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count

import structlog
from django.db import connection, transaction
from psycopg import sql

from analytics.facts import BUCKET_BOUNDS, EVENT_COLUMNS, FACTS, OPEN_FACTS, SOURCES, upsert
from tenants.context import national_of
from tenants.models import Province

logger = structlog.get_logger(__name__)

BATCH = 50_000

# Row comparison lets the index on (xact_id, id) answer. The horizon is the snapshot's own: every
# transaction below it has ended, so nothing can still appear at or before the moved cursor.
_TAKEN = sql.SQL("""
SELECT {columns} FROM requests_requestevent
WHERE (xact_id, id) > (%(xact_id)s::text::xid8, %(event_id)s)
    AND xact_id < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY xact_id, id LIMIT %(batch)s
""").format(columns=EVENT_COLUMNS)

_OFFICES = sql.SQL("""
INSERT INTO analytics_officeref (province_id, office_id, code, kind, name_km, name_en)
SELECT %(province)s, id, code, kind, name_km, name_en FROM national_office
WHERE id IN (SELECT office_id FROM taken)
ON CONFLICT (province_id, office_id) DO UPDATE
SET code = excluded.code, kind = excluded.kind,
    name_km = excluded.name_km, name_en = excluded.name_en
WHERE (analytics_officeref.code, analytics_officeref.kind,
       analytics_officeref.name_km, analytics_officeref.name_en)
    IS DISTINCT FROM (excluded.code, excluded.kind, excluded.name_km, excluded.name_en)
""")

_MOVE = sql.SQL("""
UPDATE analytics_foldcursor
SET xact_id = last.xact_id::text::bigint, event_id = last.id, folded_at = now(),
    events_folded = events_folded + (SELECT count(*) FROM taken)
FROM (SELECT xact_id, id FROM taken ORDER BY xact_id DESC, id DESC LIMIT 1) AS last
WHERE province_id = %(province)s
RETURNING (SELECT count(*) FROM taken)
""")


# Only the last event of all is compared: asked whether any lies behind the cursor, PostgreSQL
# expects a third of them to and reads the whole table to find none.
_PENDING = """
SELECT now(), coalesce((last.xact_id, last.id) > (
    (SELECT coalesce(max(xact_id), 0)::text::xid8 FROM analytics_foldcursor
     WHERE province_id = %(province)s),
    (SELECT coalesce(max(event_id), 0) FROM analytics_foldcursor
     WHERE province_id = %(province)s)), false)
FROM (SELECT) AS one LEFT JOIN LATERAL (
    SELECT xact_id, id FROM requests_requestevent ORDER BY xact_id DESC, id DESC LIMIT 1
) AS last ON true
"""


def _fold_statement() -> sql.Composed:
    writes = [
        sql.SQL("{} AS ({})").format(sql.Identifier(f"put_{fact.table}"), upsert(fact))
        for fact in FACTS
    ]
    return sql.SQL("WITH taken AS MATERIALIZED ({}), {}, {}, offices AS ({}) {}").format(
        _TAKEN, SOURCES, sql.SQL(", ").join(writes), _OFFICES, _MOVE
    )


FOLD = _fold_statement()


@dataclass(frozen=True)
class Position:
    """A place in the order in which a province's events become final."""

    xact_id: int
    event_id: int


def fold(province: Province, *, batch: int = BATCH, batches: int | None = None) -> int:
    """Fold everything that is final in a province; return how many events were folded.

    `batches` stops after so many, for a caller that has other provinces to look after.

    Returns at once when another process is folding this province: that one takes the events.
    Each batch is one transaction that adds to the facts and moves the cursor, so that an end at
    any point neither loses nor doubles an event.
    """
    folded = 0
    with national_of(province):
        for _turn in range(batches) if batches else count():
            with transaction.atomic():
                start = lock_cursor(province)
                taken = fold_batch(province, start, batch=batch) if start else 0
            folded += taken
            if taken < batch:
                break
    return folded


def lock_cursor(province: Province) -> Position | None:
    """Take the province's cursor for this transaction; None when somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO analytics_foldcursor (province_id, xact_id, event_id, events_folded) "
            "SELECT %s, 0, 0, 0 WHERE NOT EXISTS "
            "(SELECT 1 FROM analytics_foldcursor WHERE province_id = %s) ON CONFLICT DO NOTHING",
            [province.pk, province.pk],
        )
        cursor.execute(
            "SELECT xact_id, event_id FROM analytics_foldcursor "
            "WHERE province_id = %s FOR UPDATE SKIP LOCKED",
            [province.pk],
        )
        row = cursor.fetchone()
    return Position(*row) if row else None


def fold_batch(province: Province, start: Position, *, batch: int) -> int:
    """Add the next events after `start` to the facts and move the cursor; needs its lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            FOLD,
            {
                "province": province.pk,
                "xact_id": start.xact_id,
                "event_id": start.event_id,
                "batch": batch,
                "bounds": list(BUCKET_BOUNDS),
            },
        )
        row = cursor.fetchone()
        taken: int = row[0] if row else 0
        if taken:
            for fact in OPEN_FACTS:
                cursor.execute(
                    sql.SQL("DELETE FROM {} WHERE province_id = %s AND n = 0").format(
                        sql.Identifier(fact.table)
                    ),
                    [province.pk],
                )
    return taken


def pending(province: Province) -> tuple[datetime, bool]:
    """Return the database's time and whether the province has visible events not yet folded."""
    with national_of(province), connection.cursor() as cursor:
        cursor.execute(_PENDING, {"province": province.pk})
        moment, has_pending = cursor.fetchone()
    return moment, has_pending
