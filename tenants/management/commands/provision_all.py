"""Bring an installation to the state of this release: migrate, provision, load reference data."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from owso.database.access import current
from tenants import gazetteer, provisioning, roles
from tenants.models import Province


class Command(BaseCommand):
    """Idempotent: a second run finds nothing to do and says so in a second or two."""

    help = "Migrate, make the missing provinces, grant rights and load the reference data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Allow a part of the country, for tests."""
        parser.add_argument("--only", default="", help="Codes of the provinces, comma-separated.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step; each says what it did.

        What exists is migrated before rights are granted: they name what this release adds.
        """
        codes = {code for code in options["only"].split(",") if code}
        chosen = [p for p in gazetteer.provinces() if not codes or p.code in codes]
        state = provisioning.migration_state()
        fresh = (
            not provisioning.schema_exists("public") or provisioning.stamp("migrations") != state
        )
        if fresh:
            self._migrate_shared()
        roles.grant_shared()
        if fresh:
            self._migrate_existing()
        for province in Province.objects.all():
            roles.grant_province(province)
        self._provinces(chosen)
        provisioning.set_stamp("migrations", state)
        for command in settings.REFERENCE_LOADERS:
            call_command(command, verbosity=options["verbosity"])

    def _migrate_shared(self) -> None:
        started = time.monotonic()
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        for command in settings.REFERENCE_LOADERS:
            call_command(command, verbosity=0)
        self._say("shared schema migrated", started)

    def _provinces(self, chosen: list[gazetteer.ProvinceFacts]) -> None:
        started = time.monotonic()
        have = set(Province.objects.values_list("code", flat=True))
        missing = [facts for facts in chosen if facts.code not in have]
        if not missing:
            return
        if provisioning.ensure_template():
            self._say("template schema built", started)
        script = provisioning.dump_template()
        for facts in missing:
            self._one(facts, script)
        self._say(f"{len(missing)} provinces provisioned", started)

    @staticmethod
    def _one(facts: gazetteer.ProvinceFacts, script: str) -> None:
        hosts = [f"{facts.slug}.{settings.PUBLIC_HOSTS[0]}"]
        provisioning.provision_with_districts(facts, script=script, hosts=hosts)

    def _migrate_existing(self) -> None:
        started = time.monotonic()
        schemas = list(Province.objects.values_list("schema_name", flat=True))
        pending = Province.objects.filter(schema_name__in=provisioning.pending_schemas(schemas))
        failed = [province.schema_name for province in pending if not self._is_migrated(province)]
        if failed:
            raise CommandError(
                f"Not migrated: {', '.join(failed)}; the reasons stand above, the other provinces"
                " are done. Mend what is said there and run this again."
            )
        if pending:
            self._say(f"{len(pending)} provinces migrated", started)

    def _is_migrated(self, province: Province) -> bool:
        """Migrate one province; what fails there is told and keeps no other province waiting."""
        schema = province.schema_name
        try:
            call_command(
                "migrate_schemas", schema_name=schema, tenant=True, interactive=False, verbosity=0
            )
        except DatabaseError as error:
            self.stderr.write(f"    {schema}: {error}")
            return False
        finally:
            current().set_schema_to_public()
        roles.grant_province(province)
        return True

    def _say(self, what: str, started: float) -> None:
        provisioning.say(f"    {what} ({time.monotonic() - started:.1f} s)")
