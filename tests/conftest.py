"""Fixtures everybody uses: a database per worker, provinces, and clean state afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from services.offices.calendars import forget_calendars
from services.offices.queries import forget_offices, forget_services
from tenants.context import forget_provinces, in_province, province_by_code
from tenants.models import Province
from tests import databases

# How long an example takes says something about the machine, and nothing about the rule.
hypothesis.settings.register_profile("owso", deadline=None)
hypothesis.settings.load_profile("owso")


def _disconnect() -> None:
    for alias in connections:
        connections[alias].close()
        if connections[alias].settings_dict["OPTIONS"].get("pool"):
            connections[alias].close_pool()


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_blocker) -> Iterator[None]:
    """Give this worker a database of its own, made by the real provisioning command."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"owso_test_{worker}"
    with django_db_blocker.unblock():
        databases.ensure_template()
        databases.recreate(name)
        _disconnect()
        connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        _disconnect()
        databases.drop(name)


@pytest.fixture(scope="session", autouse=True)
def _built_styles(tmp_path_factory) -> Iterator[None]:
    """Collect the built styles as a deployment does; `npm run build` makes them."""
    built = settings.BASE_DIR / "platform/owso/static/dist/public.css"
    assert built.exists(), "The styles are not built: npm ci && npm run build"
    with override_settings(STATIC_ROOT=tmp_path_factory.mktemp("static")):
        call_command(
            "collectstatic", interactive=False, verbosity=0, ignore_patterns=["rest_framework"]
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_hashing() -> Iterator[None]:
    """Hash quickly in this process; `test_passwords` looks at what an installation does."""
    quick = ["tests.hashing.QuickHasher", *settings.PASSWORD_HASHERS[1:]]
    with override_settings(PASSWORD_HASHERS=quick):
        yield


@pytest.fixture(autouse=True)
def _clean_process() -> Iterator[None]:
    """Leave no process-wide state from one test to the next."""
    yield
    forget_provinces()
    forget_offices()
    forget_services()
    forget_calendars()
    # Also without a connection: the next one would stand where the last test stood.
    connection.set_schema_to_public()


@pytest.fixture
def committed(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Really commit: for locks, several connections and whole processes.

    The worker's database is made anew afterwards.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            cache.clear()
            _disconnect()
            databases.recreate(connection.settings_dict["NAME"])
            forget_provinces()


def _province(code: str) -> Province:
    province = province_by_code(code)
    assert province is not None
    return province


@pytest.fixture
def province(db) -> Iterator[Province]:
    """Stand in Banteay Meanchey for the length of a test."""
    with in_province(_province("01")) as entered:
        yield entered


@pytest.fixture
def neighbour(db) -> Province:
    """Battambang, not entered."""
    return _province("02")


@contextmanager
def entered(code: str) -> Iterator[Province]:
    """Enter a province by its code."""
    with in_province(_province(code)) as found:
        yield found
