"""Computes the national facts of provinces anew from their events."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from analytics.choosing import chosen_provinces
from analytics.rebuilding import rebuild


class Command(BaseCommand):
    """Prints one line a province with how many events were folded."""

    help = "Empty the national facts and fold all events again, province by province."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one province, or all."""
        parser.add_argument("--province", help=_("two-digit code; all when left out"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild each chosen province in a transaction of its own."""
        for province in chosen_provinces(options["province"]):
            folded = rebuild(province)
            print(f"{province.code} {province.name_en}: {folded:,} {_('events')}", flush=True)
