"""Many rows of many tables in one statement: an action costs one round trip to write.

A row is an ordinary model instance. Rows that point at each other share ids that are `Drawn` by
the statement, or taken beforehand with `next_ids`, so that even the circle request -> current
visit -> request goes in at once; Django's foreign keys are checked at commit.

The driver's own way with placeholders splits the text of a statement anew each time it has
more than fifty of them, which cost a fifth of a registration; so the text between the values
is kept here by shape, and every value is quoted by the driver's own `as_literal`.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault
from psycopg.adapt import Transformer

from services.requests.fields import AnyField

Update = tuple[models.Model, Sequence[str]]
Prepare = Callable[[Any], Any]
Column = tuple[str, str, Prepare | None]
"""A column's quoted name, the attribute that holds it, and what makes it ready, if anything."""

# The driver takes the values of these as they are.
_PLAIN = (
    models.BinaryField,
    models.BooleanField,
    models.CharField,
    models.DateField,
    models.ForeignKey,
    models.IntegerField,
    models.UUIDField,
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A value that the statement itself draws, such as the next number of a series.

    `statement` is a data-modifying one that returns one column `drawn`. Its lock is then held no
    longer than the statement that needs it.
    """

    statement: str
    values: tuple[object, ...]


@dataclass(slots=True)
class _Quoter:
    """Quotes values as the connection does, and gathers what is to be drawn."""

    quote: Prepare
    drawn: dict[int, Drawn] = field(default_factory=dict)
    """By identity, in the order in which they were met: one that many rows share is drawn once."""

    def __call__(self, value: Any) -> bytes:
        if type(value) is not Drawn:
            quoted: bytes = self.quote(value)
            return quoted
        self.drawn.setdefault(id(value), value)
        return b"(SELECT drawn FROM d%d)" % list(self.drawn).index(id(value))

    def parts(self) -> list[bytes]:
        """The statements that draw, each under the name by which its value is asked for."""
        return [
            b"d%d AS (%b)" % (place, each.statement.encode() % tuple(map(self.quote, each.values)))
            for place, each in enumerate(self.drawn.values())
        ]


def one_statement() -> AbstractContextManager[Any]:
    """Stand where one statement is written: it is a transaction by itself, without two round trips.

    Inside somebody else's transaction it gets a savepoint, so that its failure can be caught.
    """
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def sequence_of(model: type[models.Model]) -> str:
    """Return the name of the sequence behind the model's id."""
    return f"{model._meta.db_table}_id_seq"


def drawn_id(kind: type[models.Model]) -> Any:
    """Return a fresh id of a model, to be shared by rows that are written together."""
    return Drawn("SELECT nextval(%b::regclass) AS drawn", (sequence_of(kind),))


def next_ids(*kinds: type[models.Model]) -> list[int]:
    """Take one fresh id for each model named, in one query."""
    columns = ", ".join(["nextval(%s::regclass)"] * len(kinds))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [sequence_of(kind) for kind in kinds])
        return list(cursor.fetchone())


def ids_for(kind: type[models.Model], count: int) -> list[int]:
    """Take `count` fresh ids of one model, ascending, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence_of(kind), count]
        )
        return sorted(row[0] for row in cursor.fetchall())


def write_together(*rows: models.Model, updates: Iterable[Update] = ()) -> None:
    """Insert the rows and update the named fields of others, in one statement.

    Rows of one model must leave the same columns to the database; they get ascending ids.
    The statement sees the tables as they were before it: no part may depend on another, but
    for values that are `Drawn`, which the rows have afterwards.
    """
    of_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        of_model.setdefault(type(row), []).append(row)
    with connection.cursor() as cursor:
        quote = _Quoter(Transformer.from_context(cursor.connection).as_literal)
        parts = [_insert(model, group, quote) for model, group in of_model.items()]
        parts += [_update(instance, tuple(names), quote) for instance, names in updates]
        named = [b"w%d AS (%b)" % (place, part) for place, part in enumerate(parts)]
        asked = b", ".join([b"(SELECT drawn FROM d%d)" % n for n in range(len(quote.drawn))])
        whole = b"WITH %b SELECT %b" % (b", ".join(quote.parts() + named), asked or b"1")
        cursor.execute(whole.decode())
        found = cursor.fetchone() if quote.drawn else ()
    if quote.drawn:
        _fill_in(rows, dict(zip(quote.drawn, found, strict=True)))
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _fill_in(rows: Iterable[models.Model], found: dict[int, Any]) -> None:
    for row in rows:
        for name, value in row.__dict__.items():
            if type(value) is Drawn:
                row.__dict__[name] = found[id(value)]


def _insert(model: type[models.Model], rows: Sequence[models.Model], quote: _Quoter) -> bytes:
    left = frozenset(name for name in _optional(model) if _is_left(rows[0], name))
    start, columns = _insert_plan(model, left)
    return start + b", ".join(_line(row, columns, quote) for row in rows)


def _line(row: models.Model, columns: Sequence[Column], quote: _Quoter) -> bytes:
    return b"(%b)" % b", ".join([quote(_value(row, column)) for column in columns])


def _update(instance: models.Model, names: Sequence[str], quote: _Quoter) -> bytes:
    table, columns = _update_plan(type(instance), names)
    settings = b", ".join(
        [b"%b = %b" % (column[0].encode(), quote(_value(instance, column))) for column in columns]
    )
    return b'UPDATE "%b" SET %b WHERE "id" = %b' % (table, settings, quote(instance.pk))


def _is_left(row: models.Model, name: str) -> bool:
    value = row.__dict__.get(name)
    return value is None or isinstance(value, DatabaseDefault)


def _value(row: models.Model, column: Column) -> Any:
    _name, attribute, prepare = column
    value = row.__dict__[attribute]
    return value if prepare is None else prepare(value)


@cache
def _optional(model: type[models.Model]) -> tuple[str, ...]:
    """Return the attributes that may be left to the database: the id, and defaults it makes."""
    fields = model._meta.local_concrete_fields
    return tuple(field.attname for field in fields if field.primary_key or field.has_db_default())


@cache
def _insert_plan(
    model: type[models.Model], left: frozenset[str]
) -> tuple[bytes, tuple[Column, ...]]:
    fields = [field for field in model._meta.local_concrete_fields if field.attname not in left]
    columns = tuple(map(_column, fields))
    names = ", ".join(name for name, _attribute, _prepare in columns)
    start = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES '  # noqa: S608 - our own names
    return start.encode(), columns


@cache
def _update_plan(
    model: type[models.Model], names: Sequence[str]
) -> tuple[bytes, tuple[Column, ...]]:
    return model._meta.db_table.encode(), tuple(_column(_field(model, name)) for name in names)


def _field(model: type[models.Model], name: str) -> AnyField:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _column(field: AnyField) -> Column:
    is_plain = isinstance(field, _PLAIN) and not getattr(field, "auto_now", False)

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    return f'"{field.column}"', field.attname, None if is_plain else prepare
