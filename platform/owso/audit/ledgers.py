"""The two ledgers as the chain sees them: a table, and the text that stands for a row of it."""

import json
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from owso.audit.models import AccessEntry, AuditEntry, AuditSeal

Row = tuple[Any, ...]
# Microseconds since 1970, and jsonb's own text: neither depends on settings of the session.
_AS_TEXT = {
    "at": "(extract(epoch FROM at) * 1000000)::bigint",
    "xact_id": "xact_id::text",
    "changes": "changes::text",
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger: its name in the seals, its table, and its columns in the order that is sealed."""

    name: str
    table: str
    columns: tuple[str, ...]

    @property
    def sequence(self) -> str:
        """The sequence behind the ids."""
        return f"{self.table}_id_seq"

    @property
    def selected(self) -> sql.Composed:
        """The columns as a SELECT reads them: id, transaction, microseconds, then the others."""
        return sql.SQL(", ").join(
            sql.SQL(_AS_TEXT[name]) if name in _AS_TEXT else sql.Identifier(name)
            for name in self.columns
        )


_FIRST = ("id", "xact_id", "at")
AUDIT = Ledger(
    AuditSeal.LedgerName.AUDIT,
    AuditEntry._meta.db_table,
    (*_FIRST, "actor_id", "actor_name", "verb", "object_type", "object_id", "address", "changes"),
)
ACCESS = Ledger(
    AuditSeal.LedgerName.ACCESS,
    AccessEntry._meta.db_table,
    (
        *_FIRST,
        *("actor_id", "actor_name", "role", "office_id", "kind"),
        *("request_id", "detail", "address"),
    ),
)
LEDGERS = (AUDIT, ACCESS)


def canonical(row: Row) -> bytes:
    """Return the bytes that stand for a row; two different rows never share them."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
