"""Makes a large history out of a seeded one: the same requests again, under new ids and codes.

The seeding that draws every request by itself writes some two thousand a second, so ten millions
would take more than an hour. Here PostgreSQL copies the rows of a province onto themselves. The
facts of copies are multiples of the facts of what was copied, so they are multiplied as well;
`verify` recounts them like any others.
"""

import secrets
from collections.abc import Iterator
from multiprocessing import get_context

import psycopg
from psycopg import conninfo, sql

from analytics.facts import FACTS
from owso.embedded.keys import keys_of
from services.demo.codes import code_from_bits
from services.demo.lines import COLUMNS
from tests.benchmarks.installation import Installation, say

SEQUENCES = {
    "requests_applicant": ("applicant_id",),
    "requests_servicerequest": ("request_id",),
    "requests_stagevisit": ("visit_id", "current_visit_id"),
    "cashier_charge": ("charge_id",),
    "cashier_payment": ("payment_id",),
}
"""Whose ids move, and the columns of other tables that hold them."""
NEW = {"tracking_code": "new.code", "idempotency_key": "md5(t.idempotency_key || '{copy}')::uuid"}
PROCESSES = 2


def multiply(site: Installation, factor: int) -> None:
    """Have `factor` times as many requests in every province as were seeded."""
    address = _superuser(site)
    provinces = site.sql("SELECT code, schema_name FROM tenants_province ORDER BY code")
    sizes = {
        schema: int(site.sql(f"SELECT count(*) FROM {schema}.requests_servicerequest")[0][0])
        for _code, schema in provinces
    }
    work = sorted(provinces, key=lambda each: -sizes[each[1]])
    with get_context("spawn").Pool(PROCESSES) as pool:
        jobs = [(address, code, schema, factor) for code, schema in work]
        done = 0
        for schema in pool.imap_unordered(_multiply_province, jobs):
            done += sizes[schema] * factor
            say(f"  {schema}: {done:,} requests in all")
    _multiply_facts(site, factor)


def _superuser(site: Installation) -> str:
    """Who may leave out the checks of keys that are copied with what they point at."""
    owner = conninfo.conninfo_to_dict(site.environment["DATABASE_OWNER_URL"])
    password = keys_of(site.cluster.data).postgres
    return conninfo.make_conninfo(**{**owner, "user": "postgres", "password": password})


def _multiply_province(job: tuple[str, str, str, int]) -> str:
    address, code, schema, factor = job
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("SET session_replication_role = replica")
        db.execute("SET synchronous_commit = off")
        db.execute(sql.SQL("SET search_path = {}, public").format(sql.Identifier(schema)))
        spans = {table: _span(db, table) for table in SEQUENCES}
        trigrams = db.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = %s"
            " AND indexdef LIKE '%%USING gin%%' AND tablename = 'requests_applicant'",
            [schema],
        ).fetchall()
        for name, _definition in trigrams:
            db.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        for copy in range(1, factor):
            _copy(db, code, spans, copy)
        for _name, definition in trigrams:
            db.execute(definition)
        _finish(db, spans, factor)
    return schema


def _span(db: psycopg.Connection, table: str) -> tuple[int, int]:
    """The first id and how many ids the seeded rows take."""
    row = db.execute(f"SELECT min(id), max(id) - min(id) + 1 FROM {table}").fetchone()
    assert row is not None
    return int(row[0] or 1), int(row[1] or 0)


def _copy(db: psycopg.Connection, code: str, spans: dict[str, tuple[int, int]], copy: int) -> None:
    first, width = spans["requests_servicerequest"]
    with db.transaction():
        db.execute("CREATE TEMP TABLE new (id bigint PRIMARY KEY, code text) ON COMMIT DROP")
        with db.cursor().copy("COPY new FROM STDIN") as lines:
            for number, made in enumerate(_codes(code, width), first):
                lines.write(f"{number}\t{made}\n")
        for table, columns in COLUMNS.items():
            db.execute(_insert(table, [name.strip() for name in columns.split(",")], spans, copy))


def _codes(province_code: str, count: int) -> Iterator[str]:
    for _ in range(count):
        yield code_from_bits(province_code, secrets.randbits(50))


def _insert(table: str, columns: list[str], spans: dict[str, tuple[int, int]], copy: int) -> str:
    moved = {name: spans[owner][1] * copy for owner, names in SEQUENCES.items() for name in names}
    if table in SEQUENCES:
        moved["id"] = spans[table][1] * copy
    values = [_value(table, name, moved, copy) for name in columns]
    join = " JOIN new ON new.id = t.id" if table == "requests_servicerequest" else ""
    series = (
        " JOIN cashier_receiptseries s ON s.office_id = t.office_id AND s.year = t.year"
        if table == "cashier_receipt"
        else ""
    )
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
        f" FROM {table} t{join}{series} WHERE {_seeded(table, spans)}"
    )


def _value(table: str, name: str, moved: dict[str, int], copy: int) -> str:
    if table == "cashier_receipt" and name == "number":
        return f"t.number + s.last_number * {copy}"
    if name in NEW:
        return NEW[name].format(copy=copy)
    return f"t.{name} + {moved[name]}" if name in moved else f"t.{name}"


def _seeded(table: str, spans: dict[str, tuple[int, int]]) -> str:
    """Only what was seeded is copied, not the copies before."""
    owner, column = next(
        (owner, "id" if owner == table else name)
        for owner, names in SEQUENCES.items()
        for name in names
        if owner == table or name in COLUMNS[table]
    )
    first, width = spans[owner]
    return f"t.{column} < {first + width}"


def _finish(db: psycopg.Connection, spans: dict[str, tuple[int, int]], factor: int) -> None:
    for table, (first, width) in spans.items():
        db.execute(f"SELECT setval('{table}_id_seq', %s)", [first + width * factor])
    db.execute("UPDATE cashier_receiptseries SET last_number = last_number * %s", [factor])


def _multiply_facts(site: Installation, factor: int) -> None:
    for fact in FACTS:
        settings = ", ".join(f"{name} = {name} * {factor}" for name in fact.sums)
        site.sql(f"UPDATE {fact.table} SET {settings}")
    for code, schema in site.sql("SELECT code, schema_name FROM tenants_province"):
        site.sql(
            "UPDATE analytics_foldcursor SET events_folded = events_folded * %s,"
            " (xact_id, event_id) = (SELECT xact_id::text::bigint, id"
            f" FROM {schema}.requests_requestevent ORDER BY xact_id DESC, id DESC LIMIT 1)"
            " WHERE province_id = (SELECT id FROM tenants_province WHERE code = %s)",
            factor,
            code,
        )
