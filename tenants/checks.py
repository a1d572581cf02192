"""Start-up checks that refuse a database on which isolation or Khmer search would not hold."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connection

from owso.database.access import current


def check_database(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Check login, trigrams and pooling of the default database.

    Runs where Django asks for database checks: `check --database default`, `migrate`, and
    the start of the web server.
    """
    if not databases or "default" not in databases:
        return []
    try:
        with connection.cursor() as cursor:
            found = [_check_login(cursor), _check_trigrams(cursor), _check_pooling(cursor)]
            if not current().is_owner:
                found.append(_check_grants(cursor))
    except DatabaseError as error:
        return [Error(f"The database does not answer: {error}", id="owso.E001")]
    return [message for message in found if message]


def _check_login(cursor: Any) -> CheckMessage | None:
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
    if cursor.fetchone()[0]:
        return Error(
            "The login is a superuser, so roles hold nothing back.",
            hint="Use a login without SUPERUSER in DATABASE_URL.",
            id="owso.E002",
        )
    return None


def _check_trigrams(cursor: Any) -> CheckMessage | None:
    cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    if cursor.fetchone() is None:
        return None  # not yet migrated
    cursor.execute("SELECT coalesce(array_length(public.show_trgm('ភ្នំពេញ'), 1), 0)")
    if not cursor.fetchone()[0]:
        return Error(
            "Khmer text has no trigrams here: names could not be searched.",
            hint="Create the database with LC_CTYPE C.UTF-8 or another UTF-8 locale.",
            id="owso.E003",
        )
    return None


def _check_pooling(cursor: Any) -> CheckMessage | None:
    """Find a transaction pooler: two open connections must never share one server process."""
    cursor.execute("SELECT pg_backend_pid()")
    first = cursor.fetchone()[0]
    other = connection.copy()
    try:
        with other.cursor() as second:
            second.execute("SELECT pg_backend_pid()")
            shared = second.fetchone()[0] == first
    finally:
        other.close()
    if shared:
        return Error(
            "Connections are pooled by transaction: one province would read another's rows.",
            hint="Connect to PostgreSQL itself, or to pgbouncer in session mode.",
            id="owso.E004",
        )
    return None


def _check_grants(cursor: Any) -> CheckMessage | None:
    cursor.execute("SELECT to_regclass('public.tenants_province')")
    if cursor.fetchone()[0] is None:
        return None
    cursor.execute(
        "SELECT p.schema_name FROM tenants_province p LEFT JOIN pg_roles r"
        " ON r.rolname = 'owso_' || p.schema_name"
        " WHERE r.oid IS NULL OR NOT pg_has_role(session_user, r.oid, 'SET')"
        " OR NOT has_schema_privilege(r.oid, p.schema_name, 'USAGE')"
    )
    if missing := [row[0] for row in cursor.fetchall()]:
        return Error(
            f"Missing database roles or rights: {', '.join(missing)}.",
            hint="Run `python3 run.py manage provision_all`.",
            id="owso.E005",
        )
    return None
