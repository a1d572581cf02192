"""A django-tenants backend that sets role and search path in one statement and fails closed.

The stock backend swallows a failed SET and then reads the previous tenant, and an unknown
schema silently reads `public`. Here both raise, and PostgreSQL itself refuses a neighbour's
tables because each schema is entered under its own role.
"""

import select
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django_tenants.postgresql_backend import base as tenants_base
from psycopg.errors import InFailedSqlTransaction
from psycopg.pq import TransactionStatus

PUBLIC_SCHEMA = "public"
PORTAL_ROLE = "owso_portal"


@dataclass(frozen=True)
class Identity:
    """Who the connection is and where it stands: a database role and a schema."""

    schema_name: str
    db_role: str
    domain_url: str | None = None

    def get_tenant_type(self) -> None:
        """Answer django-tenants: there is one type of tenant."""


PORTAL = Identity(PUBLIC_SCHEMA, PORTAL_ROLE)

# The role and path that a pooled connection was left with, so that the next who wants just
# these need not set them again. Only what no roll-back can undo is noted.
_left_as: WeakKeyDictionary[psycopg.Connection[Any], tuple[str, str]] = WeakKeyDictionary()


def _is_silent(connection: psycopg.Connection[Any]) -> bool:
    """Tell without a round trip whether nothing came to this idle connection.

    A server that ends, or is killed, says so or closes: both make the socket readable.
    """
    listening = select.poll()
    listening.register(connection.fileno(), select.POLLIN)
    return not listening.poll(0)


class DatabaseWrapper(tenants_base.DatabaseWrapper):  # type: ignore[misc]  # untyped base
    """Connects as a login that owns nothing and becomes the wanted role before each use.

    `OWSO_OWNER` in the settings of the alias (commands that migrate and provision) keeps
    the owner's own rights and sets the search path only.
    """

    _setting_search_path: bool
    search_path_set_schemas: list[str] | None

    def set_schema_to_public(self) -> None:
        """Go back to the shared schema under the role that may do least."""
        self.set_tenant(PORTAL)

    def set_schema(self, schema_name: str, *args: Any, **kwargs: Any) -> None:
        """Enter a schema by name: only the owner's commands may, they have no role to choose."""
        if schema_name == PUBLIC_SCHEMA:
            self.set_schema_to_public()
            return
        if not self.is_owner:
            raise ImproperlyConfigured("Enter a province through tenants.context.")
        super().set_schema(schema_name, *args, **kwargs)

    @property
    def is_owner(self) -> bool:
        """Whether this process runs with the owner's rights."""
        return bool(self.settings_dict.get("OWSO_OWNER", False))

    def get_new_connection(self, conn_params: Any) -> Any:
        """Take a connection out of the pool; one that died with the server is replaced."""
        connection = super().get_new_connection(conn_params)
        while self.pool and not _is_silent(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = self.pool.getconn()
        return connection

    def _wanted_role(self) -> str:
        if self.is_owner:
            return "none"
        role = getattr(self.tenant, "db_role", None)
        if not role:
            raise ImproperlyConfigured(f"No database role for schema {self.schema_name!r}.")
        return str(role)

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path or self.search_path_set_schemas:
            return
        if not self.schema_name:
            raise ImproperlyConfigured("No schema was entered before the first query.")
        paths = self._get_cursor_search_paths()
        quoted = ",".join(tenants_base.quote_schema_name(path) for path in paths)
        wanted = (self._wanted_role(), quoted)
        if _left_as.get(self.connection) != wanted and not self._become(wanted, cursor):
            return
        self.search_path_set_schemas = paths

    def _become(self, wanted: tuple[str, str], cursor: Any) -> bool:
        """Take role and path; False in a transaction that has failed, where neither can be."""
        _left_as.pop(self.connection, None)
        # The owner's commands run whole scripts, which set a path of their own.
        is_lasting = not self.is_owner and self._is_outside()
        self._setting_search_path = True
        own = self.connection.cursor() if cursor is None else cursor
        try:
            own.execute(
                "SELECT set_config('role', %s, false), set_config('search_path', %s, false),"
                " to_regnamespace(%s) IS NOT NULL",
                [*wanted, tenants_base.quote_schema_name(self.schema_name)],
            )
            exists = own.fetchone()[2]
        except Exception as error:
            # In a transaction that has already failed every statement but a roll-back fails
            # too, so nothing can be read under a wrong role; all else must be heard.
            if not isinstance(error.__cause__ or error, InFailedSqlTransaction):
                raise
            return False
        finally:
            self._setting_search_path = False
            if cursor is None:
                own.close()
        if not exists:
            raise ImproperlyConfigured(f"There is no schema {self.schema_name!r}.")
        if is_lasting:
            _left_as[self.connection] = wanted
        return True

    def _is_outside(self) -> bool:
        """Tell whether the next statement is in no transaction, not even in one it begins."""
        status = self.connection.pgconn.transaction_status
        return bool(self.connection.autocommit and status == TransactionStatus.IDLE)
