"""Statements that are asked at every page, prepared once on each connection.

PostgreSQL takes longer to plan such a statement than to run it, and Django's cursors bind on the
client, so that nothing is ever prepared; past them a page is spared both. One text goes in and
one text, usually JSON, comes out: converting many columns would cost more than the query.
"""

from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg import Connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn

_prepared: WeakKeyDictionary[Connection[Any], dict[bytes, bytes]] = WeakKeyDictionary()
"""What each pooled connection has prepared so far: statement and name."""


def ask(statement: bytes, *values: str) -> bytes | None:
    """Return the only column of the first row in PostgreSQL's text form, None for no row or NULL.

    The statement numbers its values from $1 and names the schema of its tables: a plan belongs
    to a text, and a text without a schema would be planned anew whenever the connection changes
    provinces. Raises Django's database errors.
    """
    with connection.cursor(), connection.wrap_database_errors:  # the cursor takes the role
        session = connection.connection
        names = _prepared.setdefault(session, {})
        name = names.get(statement) or _prepare(session.pgconn, statement, names)
        result = session.pgconn.exec_prepared(name, [value.encode() for value in values])
        if connection.queries_logged:
            connection.queries_log.append({"sql": statement.decode(), "time": ""})
        if result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(result)
        return result.get_value(0, 0) if result.ntuples else None


def _prepare(session: PGconn, statement: bytes, names: dict[bytes, bytes]) -> bytes:
    name = b"owso_%d" % len(names)
    result = session.prepare(name, statement)
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result)
    names[statement] = name
    return name
