"""The only ways into a schema: each sets a database role and a search path together."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import structlog

from owso.database.access import current
from owso.database.base import PORTAL, PORTAL_ROLE, PUBLIC_SCHEMA, Identity
from tenants.models import Province

NATIONAL_ROLE = "owso_national"
NATIONAL = Identity(PUBLIC_SCHEMA, NATIONAL_ROLE)
# An unknown code or host asks the database at most this often, in seconds.
UNKNOWN_FOR = 5.0


@contextmanager
def _standing_as(identity: Identity | Province) -> Iterator[None]:
    connection = current()
    before = connection.tenant
    if before is identity:
        yield
        return
    connection.set_tenant(identity)
    try:
        with structlog.contextvars.bound_contextvars(schema=identity.schema_name):
            yield
    finally:
        connection.set_tenant(before)


@contextmanager
def in_province(province: Province) -> Iterator[Province]:
    """Work inside a province with the rights of its own offices."""
    with _standing_as(province):
        yield province


def each_province() -> Iterator[Province]:
    """Enter every province in turn; each is left before the next is entered.

    The list is read once, before the first is entered. Work through it with `for`; every
    province commits on its own.
    """
    with as_portal():
        provinces = list(Province.objects.order_by("code"))
    for province in provinces:
        with in_province(province):
            yield province


@contextmanager
def as_portal() -> Iterator[None]:
    """Stand on the shared schema with the rights of an unknown citizen."""
    with _standing_as(PORTAL):
        yield


@contextmanager
def portal_of(province: Province) -> Iterator[None]:
    """See the tracking view of one province, and nothing else of it."""
    with _standing_as(Identity(province.schema_name, PORTAL_ROLE)):
        yield


@contextmanager
def as_national() -> Iterator[None]:
    """Stand on the shared schema with the ministry's rights: facts and its own accounts."""
    with _standing_as(NATIONAL):
        yield


@contextmanager
def national_of(province: Province) -> Iterator[None]:
    """See the events and money rows of one province, never a table with personal data."""
    with _standing_as(Identity(province.schema_name, NATIONAL_ROLE)):
        yield


def current_province() -> Province:
    """Return the province entered now.

    Raises LookupError outside every province.
    """
    tenant = current().tenant
    if not isinstance(tenant, Province):
        raise LookupError("No province was entered.")  # noqa: TRY004 (the place is wrong, not a type)
    return tenant


class _Directory:
    """Provinces by code, schema and host, read once and asked again for what is new."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: dict[str, Province] = {}
        self._asked_at = 0.0

    def find(self, key: str) -> Province | None:
        """Return the province of a key; an unknown key re-reads the table now and then."""
        province = self._found.get(key)
        if province is None and time.monotonic() - self._asked_at > UNKNOWN_FOR:
            with self._lock:
                self._read()
            province = self._found.get(key)
        return province

    def forget(self) -> None:
        """Read the table anew at the next question."""
        self._found = {}
        self._asked_at = 0.0

    def _read(self) -> None:
        with as_portal():
            provinces = list(Province.objects.prefetch_related("domains"))
        found: dict[str, Province] = {}
        for province in provinces:
            found[f"code:{province.code}"] = province
            found[f"schema:{province.schema_name}"] = province
            found.update({f"host:{domain.domain}": province for domain in province.domains.all()})
        self._found = found
        self._asked_at = time.monotonic()


_directory = _Directory()


def province_by_code(code: str) -> Province | None:
    """Return the province of a two-digit gazetteer code, also one added a moment ago."""
    return _directory.find(f"code:{code}")


def province_by_schema(schema_name: str) -> Province | None:
    """Return the province that owns a schema."""
    return _directory.find(f"schema:{schema_name}")


def province_by_host(host: str) -> Province | None:
    """Return the province whose offices work under a host name."""
    return _directory.find(f"host:{host}")


def forget_provinces() -> None:
    """Drop the process's list of provinces, after one was added or a test changed them."""
    _directory.forget()
