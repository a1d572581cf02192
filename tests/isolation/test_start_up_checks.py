"""What the start refuses: a mighty login, a pooler by transaction, missing roles."""

import os
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from owso.embedded.keys import keys_of
from tenants import checks
from tests import databases


def codes() -> list[str]:
    return [message.id for message in checks.check_database(databases=["default"])]


def test_a_sound_database_passes(committed):
    assert codes() == []


def test_a_superuser_is_refused(committed):
    keys = keys_of(Path(os.environ["OWSO_DATA"]) / "servers")
    mighty = {"user": "postgres", "password": keys.postgres}
    base = conninfo_to_dict(os.environ["DATABASE_URL"])
    with psycopg.connect(make_conninfo(**{**base, **mighty})) as db:
        refused = checks._check_login(db.cursor())
    assert refused.id == "owso.E002"


class _TransactionPooler:
    """As pgbouncer in transaction mode: the second connection lands on the same server process."""

    def __init__(self, only) -> None:
        self.only = only

    def cursor(self):
        return self.only.cursor()

    def close(self) -> None:
        """The pooler keeps its server process."""


def test_a_pooler_by_transaction_is_refused(committed, monkeypatch):
    monkeypatch.setattr(connection, "copy", lambda: _TransactionPooler(connection))
    assert codes() == ["owso.E004"]


def test_a_province_without_its_role_or_rights_is_refused(committed):
    with databases.owner_connection() as owner:
        owner.execute("REVOKE USAGE ON SCHEMA p12 FROM owso_p12")
    messages = checks.check_database(databases=["default"])
    assert [message.id for message in messages] == ["owso.E005"]
    assert "p12" in messages[0].msg


@pytest.mark.parametrize("databases_asked", [None, [], ["other"]])
def test_nothing_is_asked_when_no_database_is_checked(databases_asked):
    assert checks.check_database(databases=databases_asked) == []
