"""Column types and expressions of PostgreSQL that Django does not know."""

from django.db import models

from owso.database.fields import AnyField as AnyField
from owso.database.fields import CurrentTransaction as CurrentTransaction
from owso.database.fields import TransactionIdField as TransactionIdField


class NextId(models.Func):
    """A fresh id from a sequence, named by text."""

    function = "nextval"
    template = "nextval(%(expressions)s::regclass)"
    output_field = models.BigIntegerField()
