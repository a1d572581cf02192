"""Django's sessions in the database, read together with their person: every page of staff asks."""

import json
from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone
from psycopg import sql

from owso.accounts import persons
from owso.database.access import current
from owso.database.prepared import ask

_SELECT = sql.SQL(
    "SELECT json_build_array(s.session_data, CASE WHEN u.id IS NOT NULL THEN {columns} END)::text"
    " FROM {session} s LEFT JOIN {open_session} o ON o.session_id = s.session_key"
    " LEFT JOIN {user} u ON u.id = o.user_id"
    " WHERE s.session_key = $1 AND s.expire_date > $2::timestamptz"
)


class SessionStore(DatabaseStore):
    """The same table and the same rules; writing is left to Django."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; an unknown or expired key gives an empty new one.

        The account of the session comes along, for the backend that is asked for it next.
        """
        persons.bring(None)
        statement = _select(current().schema_name)
        row = ask(statement, self.session_key or "", timezone.now().isoformat())
        if row is None:
            self._session_key = None
            return {}
        data, person = json.loads(row)
        persons.bring(person)
        found: dict[str, Any] = self.decode(data)
        return found


@lru_cache(maxsize=100)
def _select(schema_name: str) -> bytes:
    tables = {
        "session": "django_session",
        "open_session": "accounts_opensession",
        "user": "accounts_user",
    }
    named = {key: sql.Identifier(schema_name, table) for key, table in tables.items()}
    return _SELECT.format(columns=persons.columns("u"), **named).as_bytes(None)
