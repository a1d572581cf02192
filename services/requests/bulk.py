"""Thousands of rows at once, for imports: COPY in place of the single statement of an action."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg.types.json import Jsonb

from services.requests.fields import AnyField


def copy_together(rows: Iterable[models.Model]) -> None:
    """Insert many rows by COPY, one stream for each model; call it in a transaction.

    Rows of one model leave the same columns to the database, get ascending ids, and may point
    at each other in circles: foreign keys are checked at commit.
    """
    of_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        of_model.setdefault(type(row), []).append(row)
    for model, group in of_model.items():
        fields = [
            field for field in model._meta.local_concrete_fields if _is_given(group[0], field)
        ]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
        readers = [_reader(field) for field in fields]
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in group:
                copy.write_row([read(row) for read in readers])


def _reader(field: AnyField) -> Callable[[models.Model], Any]:
    """Return what takes a column's value from a row, as the driver writes it."""
    take = attrgetter(field.attname)
    if isinstance(field, models.JSONField):
        return lambda row: Jsonb(take(row))
    return take


def _is_given(row: models.Model, field: AnyField) -> bool:
    value = getattr(row, field.attname)
    is_left_to_identity = field.primary_key and value is None
    return not is_left_to_identity and not isinstance(value, DatabaseDefault)
