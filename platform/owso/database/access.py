"""The current thread's connection, as the type it really is."""

from django.db import connections

from owso.database.base import DatabaseWrapper


def current() -> DatabaseWrapper:
    """Return this thread's connection to the one database."""
    found = connections["default"]
    assert isinstance(found, DatabaseWrapper)
    return found
