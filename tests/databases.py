"""A database for each test worker, copied from one that the real provisioning command made."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
from django.db import connection
from psycopg import conninfo, sql

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "owso_test_template"
PROVINCES = "01,02,12"
LOCK = 0x0511


def _url(name: str, *, owner: bool) -> str:
    base = os.environ["DATABASE_OWNER_URL" if owner else "DATABASE_URL"]
    return conninfo.make_conninfo(**{**conninfo.conninfo_to_dict(base), "dbname": name})


def owner_connection(name: str | None = None) -> psycopg.Connection:
    """Connect as the owner, past every role: for planting faults and for cleaning up."""
    name = name or connection.settings_dict["NAME"]
    return psycopg.connect(_url(name, owner=True), autocommit=True)


def _maintenance() -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)


def ensure_template() -> None:
    """Build the template database once a run, whoever comes first."""
    with _maintenance() as db:
        db.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            return
        building = f"{TEMPLATE}_building"
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(building)))
        db.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(building)
            )
        )
        manage("provision_all", "--only", PROVINCES, database=building)
        db.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(building), sql.Identifier(TEMPLATE)
            )
        )


def environment(database: str | None = None) -> dict[str, str]:
    """Return the environment of a process that works on the worker's (or another) database."""
    name = database or connection.settings_dict["NAME"]
    return {
        **os.environ,
        "DATABASE_URL": _url(name, owner=False),
        "DATABASE_OWNER_URL": _url(name, owner=True),
    }


def manage(*arguments: str, database: str | None = None, check: bool = True) -> str:
    """Run a management command in a process of its own, as people run it."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment(database),
        capture_output=True,
        text=True,
        check=False,
    )
    if check and done.returncode:
        raise AssertionError(f"{arguments}: {done.stdout}\n{done.stderr}")
    return done.stdout


def recreate(name: str) -> None:
    """Make a worker's database anew as a copy of the template."""
    with _maintenance() as db:
        db.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        db.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(TEMPLATE)
            )
        )


def drop(name: str) -> None:
    """Drop a worker's database."""
    with _maintenance() as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
