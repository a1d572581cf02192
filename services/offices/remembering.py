"""Drops what this process remembers of an office that is being changed."""

from django.db import transaction

from services.offices.calendars import forget_calendars
from services.offices.queries import forget_offices, forget_services


def forget() -> None:
    """Forget at once, for what follows in this transaction, and again when others may see it.

    Another thread may read the old rows in between. Other processes know after half a minute.
    """
    _forget_all()
    transaction.on_commit(_forget_all)


def _forget_all() -> None:
    forget_offices()
    forget_services()
    forget_calendars()
