"""Attempts by raw SQL, as the web server's own login, to read what a role must not read."""

from collections.abc import Iterable

import psycopg
from psycopg import sql

from deploy.selfcheck.plan import Plan
from deploy.selfcheck.report import Probes

PORTAL, NATIONAL = "owso_portal", "owso_national"
OWNER_ROLES = ("owso_owner", "postgres", "pg_read_all_data", "pg_execute_server_program")
_TABLES = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname = ANY(%s) ORDER BY 1, 2
"""
# In the shared schema: whose tables an office's role, or the portal, has no business with.
_CLOSED_TO_OFFICES = ("accounts_", "mfa_", "account_", "analytics_", "django_session", "audit_")
_WRITES = (
    "INSERT INTO {table} DEFAULT VALUES",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "DROP TABLE {table}",
)
_SYSTEM = (
    "SELECT rolpassword FROM pg_authid LIMIT 1",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('/etc/passwd')",
    "CREATE TABLE public.probe (x int)",
    "CREATE SCHEMA probe",
)
Table = tuple[str, str]


def probe_database(url: str, plan: Plan) -> Probes:
    """Try everything every role must be refused; what exists is asked of the catalogue."""
    probes = Probes()
    schemas = [province.schema for province in plan.provinces]
    with psycopg.connect(url, autocommit=True) as db:
        tables = [(row[0], row[1]) for row in db.execute(_TABLES, [schemas]).fetchall()]
        shared = [(row[0], row[1]) for row in db.execute(_TABLES, [["public"]]).fetchall()]
        closed = [table for table in shared if table[1].startswith(_CLOSED_TO_OFFICES)]
        for place, schema in enumerate(schemas):
            _as(db, f"owso_{schema}")
            _read(db, probes, (table for table in tables if table[0] != schema))
            _read(db, probes, closed)
            neighbour = schemas[(place + 1) % len(schemas)]
            _write(db, probes, [table for table in tables if table[0] == neighbour][:3])
        _as(db, PORTAL)
        _read(db, probes, (table for table in tables if table[1] not in plan.open_to_portal))
        _read(db, probes, closed)
        _as(db, NATIONAL)
        _read(db, probes, (table for table in tables if table[1] not in plan.open_to_ministry))
        _write(db, probes, [table for table in tables if table[1] in plan.open_to_ministry][:3])
        _become(db, probes, tables[0])
    return probes


def _as(db: psycopg.Connection, role: str) -> None:
    db.execute("RESET ROLE")
    db.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))


def _read(db: psycopg.Connection, probes: Probes, tables: Iterable[Table]) -> None:
    for table in tables:
        _try(db, probes, "SELECT 1 FROM {table} LIMIT 1", table)


def _write(db: psycopg.Connection, probes: Probes, tables: Iterable[Table]) -> None:
    for table in tables:
        for statement in _WRITES:
            _try(db, probes, statement, table)


def _become(db: psycopg.Connection, probes: Probes, table: Table) -> None:
    """Without a role the login has nothing; missing and mighty roles cannot be taken."""
    db.execute("RESET ROLE")
    _read(db, probes, [table])
    for statement in _SYSTEM:
        _try(db, probes, statement, table)
    for role in ("owso_p99", *OWNER_ROLES):
        try:
            db.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue):
            probes.note(f"role {role}", is_refused=True)
        else:
            probes.note(f"role {role} could be taken", is_refused=False)
            db.execute("RESET ROLE")


def _try(db: psycopg.Connection, probes: Probes, statement: str, table: Table) -> None:
    query = sql.SQL(statement).format(table=sql.Identifier(*table))
    try:
        db.execute(query)
    except psycopg.errors.InsufficientPrivilege:
        probes.note("refused", is_refused=True)
    except psycopg.Error as error:
        what = f"{'.'.join(table)}: {statement} failed otherwise: {error.sqlstate}"
        probes.note(what, is_refused=False)
    else:
        probes.note(f"{'.'.join(table)} was open: {statement}", is_refused=False)
