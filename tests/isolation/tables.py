"""What exists, asked of PostgreSQL's own catalogue, and what happens when somebody reads it."""

from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from psycopg import sql
from psycopg.errors import InsufficientPrivilege, ObjectNotInPrerequisiteState

# A view of sums takes no row from anybody: PostgreSQL says so before it looks at rights.
REFUSALS = (InsufficientPrivilege, ObjectNotInPrerequisiteState)
RELATIONS = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname = ANY(%s) ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Table:
    """A table or view of a schema."""

    schema: str
    name: str


def tables_of(*schemas: str) -> list[Table]:
    """Every table and view of these schemas."""
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS, [list(schemas)])
        found = [Table(*row) for row in cursor.fetchall()]
    assert len({table.schema for table in found}) == len(schemas)
    assert len(found) > 15 * len(schemas)
    return found


def outcome(table: Table, statement: str = "SELECT 1 FROM {table} LIMIT 1") -> str:
    """Try a statement on a table under the role of this moment: refused, open, or the error."""
    query = sql.SQL(statement).format(table=sql.Identifier(table.schema, table.name))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query)
    except DatabaseError as error:
        return "refused" if isinstance(error.__cause__, REFUSALS) else repr(error)
    return "open"


def open_tables(tables: list[Table], statement: str = "SELECT 1 FROM {table} LIMIT 1"):
    """What was not refused with `permission denied`, with what happened instead."""
    outcomes = {table: outcome(table, statement) for table in tables}
    return {table: said for table, said in outcomes.items() if said != "refused"}


def standing() -> tuple[str, str]:
    """The database role and schema of this moment, as PostgreSQL says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        role, schema = cursor.fetchone()
    return role, schema


def own_offices() -> set[str]:
    """The province codes of the offices that are read without naming a schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT left(code, 2) FROM offices_office")
        return {row[0] for row in cursor.fetchall()}
