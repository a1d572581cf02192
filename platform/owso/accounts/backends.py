"""Who signs in and who a session belongs to."""

from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import connection

from owso.accounts.models import User


class AccountBackend(ModelBackend):
    """Django's own, but that the person of a session is read without the ORM at every page."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the account of a session while it is active."""
        with connection.cursor() as cursor:
            cursor.execute(_select(), [user_id])
            row = cursor.fetchone()
        user = None if row is None else User.from_db(connection.alias, _names(), row)
        return user if self.user_can_authenticate(user) else None


@cache
def _names() -> tuple[str, ...]:
    return tuple(field.attname for field in User._meta.concrete_fields)


@cache
def _select() -> str:
    columns = ", ".join(f'"{field.column}"' for field in User._meta.concrete_fields)
    return f'SELECT {columns} FROM "{User._meta.db_table}" WHERE id = %s'  # noqa: S608 - our own names
