"""Add one province to a running installation; nothing needs a restart."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max

from tenants import provisioning, roles
from tenants.gazetteer import ProvinceFacts
from tenants.models import Province


class Command(BaseCommand):
    """Makes schema, role, rights and the unit office in one verified transaction."""

    help = "Add a province: run.py manage add_province 26 --slug … --name-km … --name-en …"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what the gazetteer would say of it."""
        parser.add_argument("code", help="Two digits.")
        parser.add_argument("--slug", required=True)
        parser.add_argument("--name-km", required=True)
        parser.add_argument("--name-en", required=True)
        parser.add_argument("--host", action="append", default=[], help="Default: SLUG.PUBLIC_HOST")
        parser.add_argument("--practice", action="store_true", help="A province for training.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse a code or slug that exists, then provision."""
        code, slug = options["code"], options["slug"]
        if not (len(code) == 2 and code.isascii() and code.isdigit()):
            raise CommandError("The code has two digits, e.g. 26.")
        if (
            Province.objects.filter(code=code).exists()
            or Province.objects.filter(slug=slug).exists()
        ):
            raise CommandError(f"There is a province {code} or {slug} already.")
        last = Province.objects.aggregate(last=Max("sort_order"))["last"] or 0
        facts = ProvinceFacts(
            code=code,
            iso_3166_2="",
            slug=slug,
            kind=Province.Kind.PROVINCE,
            prefix_km="ខេត្ត",
            name_km=options["name_km"],
            name_en=options["name_en"],
            sort_order=last + 1,
            is_practice=options["practice"],
        )
        hosts = options["host"] or [f"{slug}.{settings.PUBLIC_HOSTS[0]}"]
        roles.grant_shared()
        provisioning.ensure_template()
        province = provisioning.provision_with_districts(
            facts, script=provisioning.dump_template(), hosts=hosts
        )
        provisioning.say(f"{province} is open under {hosts[0]}")
