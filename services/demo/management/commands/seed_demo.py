"""Invents staff and a past for every province."""

import argparse
import signal
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from owso.errors import NotAllowed
from services.demo import seeding
from services.demo.plans import Plan
from tenants import clock
from tenants.context import as_portal
from tenants.models import Province

REQUESTS, DAYS, SEED = 100_000, 60, 2021
MOST_DAYS = 3_650


class Command(BaseCommand):
    """Make the demo accounts, then write the history; what is there already stays."""

    help = "Invent staff and a plausible past for every province; can be stopped and run again."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add how much, how long back, and whether to stop after the accounts."""
        parser.add_argument("--requests", type=int, default=REQUESTS)
        parser.add_argument("--days", type=int, default=DAYS)
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--only-staff", action="store_true")

    def handle(self, **options: Any) -> None:
        """Write, showing a bar and a line for each province."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if options["requests"] < 0 or not 1 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"--requests must be 0 or more, --days 1 to {MOST_DAYS}.")
        try:
            accounts = seeding.staff_everything()
        except NotAllowed as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"{accounts} demo accounts")
        if not options["only_staff"] and options["requests"]:
            self._write(
                Plan(
                    requests=options["requests"],
                    days=options["days"],
                    seed=options["seed"],
                    until=clock.now(),
                )
            )

    def _write(self, plan: Plan) -> None:
        started = time.monotonic()
        with as_portal():
            names = dict(Province.objects.values_list("code", "name_en"))
            shares = seeding.shares_of(plan, list(Province.objects.all()))
        requests = rows = 0
        with tqdm(total=plan.requests, unit=" requests", mininterval=1, file=self.stdout) as bar:
            for progress in seeding.write_everywhere(plan, shares):
                bar.update(progress.requests)
                if progress.written is None:
                    continue
                requests += progress.written.requests
                rows += progress.written.rows
                bar.write(
                    f"{progress.code} {names[progress.code]}: "
                    f"{progress.written.requests:,} requests",
                    file=self.stdout,
                )
        seconds = time.monotonic() - started
        self.stdout.write(
            f"{requests:,} requests, {rows:,} rows in {seconds:.0f} s: "
            f"{requests / seconds:,.0f} requests/s, {rows / seconds:,.0f} rows/s"
        )
