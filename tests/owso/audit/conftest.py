"""A province whose ledgers are really committed, and somebody with the owner's hand in them."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from owso.audit.models import AccessEntry, AuditEntry
from tenants.context import in_province, province_by_code
from tests.databases import owner_connection


@pytest.fixture
def real(committed):
    """Stand in a province whose rows are really committed."""
    with in_province(province_by_code("01")) as province:
        yield province


def act(verb: str = "tested") -> AuditEntry:
    """Write an entry as an action does."""
    return AuditEntry.objects.create(
        actor_name="សុខ ដារ៉ា",
        verb=verb,
        object_type="thing",
        object_id="7",
        address="192.0.2.7",
        changes={"state": ["before", "after"], "riel": 40_000},
    )


def read() -> AccessEntry:
    """Write a reading as a door does."""
    return AccessEntry.objects.create(actor_name="សុខ ដារ៉ា", kind="file", request_id=7)


@contextmanager
def tampering(*tables: str) -> Iterator[psycopg.Connection]:
    """The owner of the database with every trigger of these tables switched off."""
    with owner_connection() as db:
        for table in tables:
            db.execute(f"ALTER TABLE p01.{table} DISABLE TRIGGER USER")
        yield db
        for table in tables:
            db.execute(f"ALTER TABLE p01.{table} ENABLE TRIGGER USER")
