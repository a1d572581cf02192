"""Django's sessions in the database, read without the ORM: every page of staff reads one."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone

_SELECT = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseStore):
    """The same table and the same rules; writing is left to Django."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; an unknown or expired key gives an empty new one."""
        with connection.cursor() as cursor:
            cursor.execute(_SELECT, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(row[0])
        return found
