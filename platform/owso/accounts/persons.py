"""Accounts read without the ORM, by the page's session or by their number."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import DateTimeField
from psycopg import sql

from owso.accounts.models import User

_along: ContextVar[Sequence[Any] | None] = ContextVar("person_of_the_session", default=None)


def bring(row: Sequence[Any] | None) -> None:
    """Remember the account that came with the session of this request, or that none did."""
    _along.set(row)


def take(user_id: int) -> User | None:
    """Give the account that came with the session, once; None when it is not this one."""
    row = _along.get()
    _along.set(None)
    if row is None or row[_names().index("id")] != user_id:
        return None
    values = [
        datetime.fromisoformat(value) if name in _moments() and value else value
        for name, value in zip(_names(), row, strict=True)
    ]
    return User.from_db(connection.alias, _names(), values)


def columns(table: str) -> sql.Composed:
    """Return the account's columns as one JSON array, in the order in which `take` reads them."""
    names = [sql.Identifier(table, str(field.column)) for field in User._meta.concrete_fields]
    return sql.SQL("json_build_array({})").format(sql.SQL(", ").join(names))


@cache
def _names() -> tuple[str, ...]:
    return tuple(field.attname for field in User._meta.concrete_fields)


@cache
def _moments() -> frozenset[str]:
    fields = User._meta.concrete_fields
    return frozenset(field.attname for field in fields if isinstance(field, DateTimeField))
