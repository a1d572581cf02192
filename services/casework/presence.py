"""Which parts a file has at all, asked at once: most files have few of them.

It names tables of documents and the cashier as well, as its purpose is one question in place of
nine that are answered with nothing.
"""

import json
from dataclasses import dataclass
from functools import lru_cache

from psycopg import sql

from owso.database.access import current
from owso.database.prepared import ask

_PARTS = {
    "assignment": "{s}.casework_assignment WHERE request_id = $1::bigint",
    "notes": "{s}.casework_note WHERE request_id = $1::bigint",
    "opinions": "{s}.casework_opinion WHERE request_id = $1::bigint",
    "drafts": "{s}.casework_draft WHERE request_id = $1::bigint",
    "outcome": "{s}.casework_outcomedocument WHERE request_id = $1::bigint",
    "documents": "{s}.documents_document WHERE request_id = $1::bigint",
    "papers": "{s}.requests_papercheck WHERE request_id = $1::bigint",
    "pauses": "{s}.requests_pause WHERE request_id = $1::bigint",
    "receipts": "{s}.cashier_charge c JOIN {s}.cashier_payment p ON p.charge_id = c.id"
    " WHERE c.request_id = $1::bigint",
    "reversals": "{s}.cashier_charge c JOIN {s}.cashier_payment p ON p.charge_id = c.id"
    " JOIN {s}.cashier_reversalrequest r ON r.payment_id = p.id"
    " WHERE r.decision = 'open' AND c.request_id = $1::bigint",
    "unsent": "{s}.desk_unsenttext WHERE request_id = $1::bigint",
}


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether a file has any of each; by default it may have everything."""

    assignment: bool = True
    notes: bool = True
    opinions: bool = True
    drafts: bool = True
    outcome: bool = True
    documents: bool = True
    papers: bool = True
    pauses: bool = True
    receipts: bool = True
    reversals: bool = True
    unsent: bool = True


EVERYTHING = Presence()


def presence_of(request_id: int) -> Presence:
    """Return what a request the caller may see has; one query."""
    found = ask(_statement(current().schema_name), str(request_id))
    assert found is not None
    return Presence(*json.loads(found))


@lru_cache(maxsize=100)
def _statement(schema_name: str) -> bytes:
    schema = sql.Identifier(schema_name)
    parts = [
        sql.SQL("EXISTS (SELECT 1 FROM {})").format(sql.SQL(_PARTS[part]).format(s=schema))
        for part in Presence.__dataclass_fields__
    ]
    asked = sql.SQL("SELECT json_build_array({})::text").format(sql.SQL(", ").join(parts))
    return asked.as_bytes(None)
