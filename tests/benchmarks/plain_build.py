"""The plain build beside the measured one: its database, its sessions and the rows it lists."""

import json

import psycopg
from psycopg import conninfo

from tests.benchmarks.installation import Installation

SETTINGS = "tests.benchmarks.plain.settings"
APPLICATION = "tests.benchmarks.plain.wsgi"
TENANTS = {"a": "12", "b": "01"}
"""Which province's requests each tenant of the plain build lists."""
COPIES = {
    "plain_office": "SELECT id, name_km FROM offices_office",
    "plain_service": "SELECT id, name_km FROM public.catalogue_service",
    "plain_applicant": "SELECT id, full_name FROM requests_applicant",
    "plain_person": "SELECT id, full_name_km FROM accounts_user",
    "plain_file": (
        "SELECT r.id, r.tracking_code, r.state, coalesce(v.stage_code, ''), r.due_at,"
        " r.office_id, r.service_id, r.applicant_id,"
        " CASE WHEN v.actor_role = 'agent' THEN (SELECT min(id) FROM accounts_user) END"
        " FROM requests_servicerequest r"
        " LEFT JOIN requests_stagevisit v ON v.id = r.current_visit_id"
    ),
}


def plain_sessions(site: Installation) -> dict[str, str]:
    """Make the plain build once; return a signed-in session by host name."""
    owner = conninfo.conninfo_to_dict(site.environment["DATABASE_OWNER_URL"])
    address = conninfo.make_conninfo(**{**owner, "dbname": "plain"})
    site.environment["PLAIN_DATABASE_URL"] = address
    if not site.sql("SELECT 1 FROM pg_database WHERE datname = 'plain'"):
        site.sql("CREATE DATABASE plain TEMPLATE template0 ENCODING 'UTF8'")
        site.run_python("tests.benchmarks.plain.prepare", settings=SETTINGS)
    found: dict[str, str] = json.loads(
        site.run_python("tests.benchmarks.plain.sessions", settings=SETTINGS)
    )
    return found


def fill_plain(site: Installation) -> dict[str, int]:
    """Copy the requests of two provinces into the plain build once; give busiest offices by host.

    Indexes are the ones that Django makes by itself.
    """
    offices = {}
    for tenant, code in TENANTS.items():
        schema = site.sql("SELECT schema_name FROM tenants_province WHERE code = %s", code)[0][0]
        offices[f"{tenant}.localhost"] = _busiest(site, schema)
        with (
            psycopg.connect(site.environment["DATABASE_OWNER_URL"]) as here,
            psycopg.connect(site.environment["PLAIN_DATABASE_URL"], autocommit=True) as there,
        ):
            here.execute(f"SET search_path = {schema}, public")
            there.execute(f"SET search_path = plain_{tenant}, public")
            if there.execute("SELECT 1 FROM plain_file LIMIT 1").fetchone():
                continue
            for table, select in COPIES.items():
                _copy(here, there, table, select)
            there.execute("VACUUM ANALYZE")
    return offices


def _copy(here: psycopg.Connection, there: psycopg.Connection, table: str, select: str) -> None:
    with (
        here.cursor().copy(f"COPY ({select}) TO STDOUT") as source,
        there.cursor().copy(f"COPY {table} FROM STDIN") as target,
    ):
        for block in source:
            target.write(block)


def _busiest(site: Installation, schema: str) -> int:
    found = site.sql(
        f"SELECT office_id FROM {schema}.requests_servicerequest"
        " WHERE state IN ('registered', 'in_progress', 'waiting')"
        " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    return int(found[0][0])
