"""Load Cambodia's public holidays and the usual office hours."""

from typing import Any

from django.core.management.base import BaseCommand

from services.calendars.loading import load_holidays, load_office_hours
from tenants.clock import today


class Command(BaseCommand):
    """Idempotent: days added by hand and changed office hours are kept."""

    help = "Load Cambodia's public holidays and the usual office hours."

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load and say what there is now."""
        days = load_holidays(this_year=today().year)
        made = load_office_hours()
        if options["verbosity"] > 0:
            self.stdout.write(f"calendars: {days} holidays, {made} office hours made")
