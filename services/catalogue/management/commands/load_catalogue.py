"""Load the catalogue's data files."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services.catalogue.definitions import DATA, BadCatalogueError, read_catalogue
from services.catalogue.loading import load_catalogue
from tenants.clock import today


class Command(BaseCommand):
    """Idempotent: published versions stay as they are, a changed file makes the next version."""

    help = "Load the catalogue: new services are published, changed ones get a new version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another folder or another first day."""
        parser.add_argument("--folder", type=Path, default=DATA, help="Folder of the data files.")
        parser.add_argument(
            "--starting",
            type=date.fromisoformat,
            default=None,
            help="First day of changed versions, as 2026-11-23; today when not given.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load and say what is new and what changed."""
        try:
            catalogue = read_catalogue(options["folder"])
        except BadCatalogueError as error:
            raise CommandError(f"Nothing was loaded: {error}") from error
        report = load_catalogue(catalogue, starting=options["starting"] or today())
        if options["verbosity"] > 0:
            self.stdout.write(
                f"catalogue: {report.total} services, {len(report.new)} new,"
                f" {len(report.changed)} changed"
            )
