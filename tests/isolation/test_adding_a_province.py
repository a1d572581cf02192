"""A 26th province is one command, and the running application finds it."""

import pytest
from django.test import Client

from tenants import context
from tests import databases
from tests.conftest import entered
from tests.isolation.tables import open_tables, own_offices, standing, tables_of

ADD = ("add_province", "26", "--slug", "training", "--name-km", "ហាត់", "--name-en", "Training")


@pytest.fixture
def looking_at_once(monkeypatch):
    """An unknown host is looked up every time, not every few seconds."""
    monkeypatch.setattr(context, "UNKNOWN_FOR", 0.0)


def test_a_new_province_is_found_without_a_restart_and_shut_like_the_others(
    committed, looking_at_once
):
    visitor = Client(headers={"host": "training.localhost"})
    assert visitor.get("/api/v1/requests/").status_code == 404
    databases.manage(*ADD)
    assert visitor.get("/api/v1/requests/").status_code == 403
    with entered("26"):
        assert standing() == ("owso_p26", "p26")
        assert own_offices() == {"26"}
        assert open_tables(tables_of("p01")) == {}
    with entered("01"):
        assert open_tables(tables_of("p26")) == {}


def test_the_same_code_twice_is_refused_and_changes_nothing(committed):
    databases.manage(*ADD)
    with pytest.raises(AssertionError, match="province 26"):
        databases.manage(*ADD)
    with entered("26"):
        assert own_offices() == {"26"}
