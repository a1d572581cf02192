"""Fixtures for tests that write the shared tables: the owner's rights, rolled back afterwards."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from services.calendars import queries as calendars
from services.catalogue import queries as catalogue


@pytest.fixture(autouse=True)
def _fresh_catalogue() -> Iterator[None]:
    """Keep no terms of a rolled-back catalogue in the process."""
    yield
    catalogue.clear_caches()
    calendars.clear_caches()


@pytest.fixture
def _owner_login(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        owner = conninfo_to_dict(os.environ["DATABASE_OWNER_URL"])
        before = dict(connection.settings_dict)
        connection.close()
        options = {key: value for key, value in before["OPTIONS"].items() if key != "pool"}
        connection.settings_dict.update(
            USER=owner["user"],
            PASSWORD=owner.get("password", ""),
            OWSO_OWNER=True,
            OPTIONS=options,
        )
        yield
        connection.close()
        connection.settings_dict.update(before)


@pytest.fixture
def owner(_owner_login, db) -> None:
    """Stand on the shared schema with the owner's rights."""
