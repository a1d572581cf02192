"""Column types of PostgreSQL that Django does not know."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

# Django's own class takes no type arguments when it runs.
if TYPE_CHECKING:
    AnyField = models.Field[Any, Any]
    _IntegerField = models.Field[int, int]
else:
    AnyField = _IntegerField = models.Field


class TransactionIdField(_IntegerField):
    """A 64-bit transaction id (xid8): it only grows and never wraps."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the name of the type in PostgreSQL."""
        return "xid8"

    def from_db_value(self, value: Any, *_others: Any) -> int | None:
        """Return the id as a number; the driver gives it as text."""
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> str | None:
        """Return the id as text: there is no cast from a number to xid8."""
        return None if value is None else str(value)


class CurrentTransaction(models.Func):
    """The id of the transaction that writes the row."""

    function = "pg_current_xact_id"
    output_field = TransactionIdField()
