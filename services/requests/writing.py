"""Many rows of many tables in one statement: an action costs one round trip to write.

A row is an ordinary model instance. Rows that point at each other get their ids beforehand
from `next_ids`, so that even the circle request -> current visit -> request goes in at once;
Django's foreign keys are checked at commit.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from services.requests.fields import AnyField

Update = tuple[models.Model, Sequence[str]]


def sequence_of(model: type[models.Model]) -> str:
    """Return the name of the sequence behind the model's id."""
    return f"{model._meta.db_table}_id_seq"


def next_ids(*kinds: type[models.Model]) -> list[int]:
    """Take one fresh id for each model named, in one query."""
    columns = ", ".join(["nextval(%s::regclass)"] * len(kinds))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [sequence_of(kind) for kind in kinds])
        return list(cursor.fetchone())


def write_together(*rows: models.Model, updates: Iterable[Update] = ()) -> None:
    """Insert the rows and update the named fields of others, in one statement.

    Rows of one model must leave the same columns to the database; they get ascending ids.
    The statement sees the tables as they were before it: no part may depend on another.
    """
    parts: list[str] = []
    values: list[Any] = []
    of_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        of_model.setdefault(type(row), []).append(row)
    parts.extend(_insert(model, group, values) for model, group in of_model.items())
    parts.extend(_update(instance, names, values) for instance, names in updates)
    if not parts:
        return
    named = ", ".join(f"w{number} AS ({part})" for number, part in enumerate(parts))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} SELECT 1", values)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _insert(model: type[models.Model], rows: Sequence[models.Model], values: list[Any]) -> str:
    fields = [field for field in model._meta.local_concrete_fields if _is_given(rows[0], field)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    line = "(" + ", ".join(["%s"] * len(fields)) + ")"
    for row in rows:
        values.extend(_value(row, field) for field in fields)
    lines = ", ".join([line] * len(rows))
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {lines}'  # noqa: S608 - names come from our models


def _update(instance: models.Model, names: Sequence[str], values: list[Any]) -> str:
    fields = [_column(instance, name) for name in names]
    settings = ", ".join(f'"{field.column}" = %s' for field in fields)
    values.extend(_value(instance, field) for field in fields)
    values.append(instance.pk)
    table = instance._meta.db_table
    return f'UPDATE "{table}" SET {settings} WHERE "id" = %s'  # noqa: S608 - names come from our models


def _column(instance: models.Model, name: str) -> AnyField:
    field = instance._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _is_given(row: models.Model, field: AnyField) -> bool:
    value = getattr(row, field.attname)
    is_left_to_identity = field.primary_key and value is None
    return not is_left_to_identity and not isinstance(value, DatabaseDefault)


def _value(row: models.Model, field: AnyField) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=row._state.adding), connection)
