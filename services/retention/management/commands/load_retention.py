"""Load the retention periods into the shared schema."""

from typing import Any

from django.core.management.base import BaseCommand

from services.retention.loading import load_periods


class Command(BaseCommand):
    """Idempotent; a part of every provisioning."""

    help = "Write the retention periods of the code; the ministry's own periods stay."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how many kinds have a period."""
        count = load_periods()
        if options["verbosity"]:
            self.stdout.write(f"{count} retention periods are in force.")
