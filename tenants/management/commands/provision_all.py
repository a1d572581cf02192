"""Bring an installation to the state of this release: migrate, provision, load reference data."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from tenants import gazetteer, provisioning, roles
from tenants.models import InstallationStamp, Province


class Command(BaseCommand):
    """Idempotent: a second run finds nothing to do and says so in a second or two."""

    help = "Migrate, make the missing provinces, grant rights and load the reference data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Allow a part of the country, for tests."""
        parser.add_argument("--only", default="", help="Codes of the provinces, comma-separated.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step; each says what it did."""
        codes = {code for code in options["only"].split(",") if code}
        chosen = [p for p in gazetteer.provinces() if not codes or p.code in codes]
        state = provisioning.migration_state()
        fresh = not provisioning.schema_exists("public") or self._stamp("migrations") != state
        if fresh:
            self._migrate_shared()
        roles.grant_shared()
        have = self._provinces(chosen, state=state)
        if fresh:
            self._migrate_existing()
            self._set_stamp("migrations", state)
        # After the migrations: what is granted may have come with them.
        for province in Province.objects.filter(code__in=have):
            roles.grant_province(province)
        for command in settings.REFERENCE_LOADERS:
            call_command(command, verbosity=options["verbosity"])

    def _stamp(self, name: str) -> str:
        if InstallationStamp._meta.db_table not in self._tables():
            return ""
        return next(
            iter(InstallationStamp.objects.filter(name=name).values_list("value", flat=True)), ""
        )

    @staticmethod
    def _tables() -> list[str]:
        from django.db import connection

        return connection.introspection.table_names()

    @staticmethod
    def _set_stamp(name: str, value: str) -> None:
        InstallationStamp.objects.update_or_create(name=name, defaults={"value": value})

    def _migrate_shared(self) -> None:
        started = time.monotonic()
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        for command in settings.REFERENCE_LOADERS:
            call_command(command, verbosity=0)
        self._say("shared schema migrated", started)

    def _provinces(self, chosen: list[gazetteer.ProvinceFacts], *, state: str) -> set[str]:
        """Make the provinces that are missing; return the codes of those that were there."""
        started = time.monotonic()
        have = set(Province.objects.values_list("code", flat=True))
        missing = [facts for facts in chosen if facts.code not in have]
        if missing:
            if self._stamp("template") != state or not provisioning.schema_exists(
                provisioning.TEMPLATE
            ):
                provisioning.build_template()
                self._set_stamp("template", state)
                self._say("template schema built", started)
            script = provisioning.dump_template()
            for facts in missing:
                self._one(facts, script)
            self._say(f"{len(missing)} provinces provisioned", started)
        return have

    @staticmethod
    def _one(facts: gazetteer.ProvinceFacts, script: str) -> None:
        hosts = [f"{facts.slug}.{settings.PUBLIC_HOSTS[0]}"]
        provisioning.provision_with_districts(facts, script=script, hosts=hosts)

    def _migrate_existing(self) -> None:
        started = time.monotonic()
        schemas = list(Province.objects.values_list("schema_name", flat=True))
        pending = provisioning.pending_schemas(schemas)
        for schema in pending:
            call_command(
                "migrate_schemas", schema_name=schema, tenant=True, interactive=False, verbosity=0
            )
        if pending:
            self._say(f"{len(pending)} provinces migrated", started)

    def _say(self, what: str, started: float) -> None:
        provisioning.say(f"    {what} ({time.monotonic() - started:.1f} s)")
