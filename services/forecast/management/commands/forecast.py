"""Works the likely times out anew, or measures how well they hold."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from services.forecast.actions import judged, refresh_forecasts
from services.forecast.measuring import measured
from tenants import clock


class Command(BaseCommand):
    """Without `--measure` as every night; with it nothing is written."""

    help = "Refresh the forecasts of all provinces, or measure them on requests held back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--measure`, and of how many provinces."""
        parser.add_argument("--measure", action="store_true", help="print JSON, write nothing")
        parser.add_argument("--provinces", type=int, default=3, help="measure the largest so many")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one or the other."""
        if options["measure"]:
            spread, late = judged(clock.today(), most=options["provinces"])
            told = {"held_back": asdict(measured(spread)), "latest": asdict(measured(late))}
            print(json.dumps(told))
            return
        print(f"{refresh_forecasts()} provinces")
