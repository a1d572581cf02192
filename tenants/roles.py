"""Database roles and what each may touch, granted again at every provisioning."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg import sql

from owso.database.base import PORTAL_ROLE
from tenants.context import NATIONAL_ROLE
from tenants.models import Province

# Shared tables that every office and every citizen may read.
REFERENCE_APPS = ("tenants", "catalogue", "calendars", "retention", "forecast")
# Shared tables that the ministry works with.
NATIONAL_APPS = (
    "analytics",
    "retention",
    "forecast",
    "accounts",
    "audit",
    "sessions",
    "contenttypes",
    "auth",
    "account",
    "mfa",
)


def app_login() -> str:
    """Return the login of the web and worker processes, which owns nothing."""
    return str(settings.DATABASE_APP_LOGIN)


def _tables(app_labels: Iterable[str]) -> list[str]:
    models = [
        model
        for label in app_labels
        if label in apps.app_configs
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    return sorted({model._meta.db_table for model in models})


def _run(cursor: Any, statement: str, **names: str) -> None:
    identifiers = {key: sql.Identifier(name) for key, name in names.items()}
    cursor.execute(sql.SQL(statement).format(**identifiers))


def ensure_role(cursor: Any, role: str) -> None:
    """Make a role that cannot log in and that the application's login may become."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        _run(cursor, "CREATE ROLE {role} NOLOGIN NOINHERIT", role=role)
    cursor.execute(
        "SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
        " JOIN pg_roles l ON l.oid = m.member"
        " WHERE r.rolname = %s AND l.rolname = %s AND m.set_option",
        [role, app_login()],
    )
    if cursor.fetchone() is None:
        _run(
            cursor,
            "GRANT {role} TO {login} WITH INHERIT FALSE, SET TRUE",
            role=role,
            login=app_login(),
        )


def grant_shared() -> None:
    """Grant portal and national roles their part of the shared schema."""
    with connection.cursor() as cursor:
        for role in (PORTAL_ROLE, NATIONAL_ROLE):
            ensure_role(cursor, role)
            _run(cursor, "GRANT USAGE ON SCHEMA public TO {role}", role=role)
            for table in _tables(REFERENCE_APPS):
                _run(cursor, "GRANT SELECT ON public.{table} TO {role}", table=table, role=role)
        for view in settings.PORTAL_SHARED_RELATIONS:
            _run(cursor, "GRANT SELECT ON public.{view} TO {role}", view=view, role=PORTAL_ROLE)
        for table in _tables(NATIONAL_APPS):
            _run(
                cursor,
                "GRANT SELECT, INSERT, UPDATE, DELETE ON public.{table} TO {role}",
                table=table,
                role=NATIONAL_ROLE,
            )
        _run(
            cursor,
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
            role=NATIONAL_ROLE,
        )
        _run(
            cursor,
            "GRANT TEMPORARY ON DATABASE {db} TO {role}",
            db=connection.settings_dict["NAME"],
            role=NATIONAL_ROLE,
        )


def grant_province(province: Province) -> None:
    """Grant a province's role its own schema, and portal and national roles their views of it.

    Default privileges cover the tables of later migrations.
    """
    schema, role = province.schema_name, province.db_role
    with connection.cursor() as cursor:
        ensure_role(cursor, role)
        for statement in (
            "GRANT USAGE ON SCHEMA {schema}, public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}"
            " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {role}",
        ):
            _run(cursor, statement, schema=schema, role=role)
        for table in _tables(REFERENCE_APPS):
            _run(cursor, "GRANT SELECT ON public.{table} TO {role}", table=table, role=role)
        for reader, names in (
            (PORTAL_ROLE, settings.PORTAL_RELATIONS),
            (NATIONAL_ROLE, settings.NATIONAL_RELATIONS),
        ):
            _run(cursor, "GRANT USAGE ON SCHEMA {schema} TO {role}", schema=schema, role=reader)
            for name in names:
                _run(
                    cursor,
                    "GRANT SELECT ON {schema}.{table} TO {role}",
                    schema=schema,
                    table=name,
                    role=reader,
                )
        for caller, functions in (
            (role, settings.PROVINCE_FUNCTIONS),
            (PORTAL_ROLE, settings.PORTAL_FUNCTIONS),
        ):
            for function in functions:
                _grant_function(cursor, schema, function, role=caller)


def _grant_function(cursor: Any, schema: str, function: str, *, role: str) -> None:
    """Let one role alone call a function that has the owner's rights; others may by default."""
    name, _bracket, arguments = function.partition("(")
    for statement in (
        "REVOKE ALL ON FUNCTION {schema}.{name}({arguments} FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION {schema}.{name}({arguments} TO {role}",
    ):
        cursor.execute(
            sql.SQL(statement).format(
                schema=sql.Identifier(schema),
                name=sql.Identifier(name),
                arguments=sql.SQL(arguments),
                role=sql.Identifier(role),
            )
        )
