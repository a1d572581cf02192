"""Keeps the demo's offices at work."""

import argparse
import secrets
import signal
from threading import Event
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from services.demo.simulator import Simulator

RATE = 2.0
SEED_BITS = 64


class Command(BaseCommand):
    """Simulate until SIGTERM or Ctrl-C."""

    help = "Register, pay, advance and deliver requests as the demo staff, until stopped."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the pace."""
        parser.add_argument("--rate", type=float, default=RATE, help="Steps a second.")

    def handle(self, **options: Any) -> None:
        """Run; only a demo may be filled with invented requests."""
        if not settings.IS_DEMO:
            raise CommandError("This installation is not a demo (OWSO_DEMO is not set).")
        if not 0 < options["rate"] <= 1000:
            raise CommandError("--rate must be more than 0 and at most 1000.")
        stop = Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        Simulator(seed=secrets.randbits(SEED_BITS)).run(stop, rate=options["rate"])
