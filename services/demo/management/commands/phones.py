"""Serves the stand-in phones of a demonstration; the pages of the installation write to them."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from services.demo.phones.server import PhonesServer, System


class Command(BaseCommand):
    """Run until it is ended."""

    help = "Serve stand-ins of Telegram and the SMS gateways, and a page of what arrived."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port to listen on."""
        parser.add_argument("--port", type=int, required=True)

    def handle(self, *_args: Any, port: int, **_options: Any) -> None:
        """Serve; refuse outside a demonstration."""
        if not settings.IS_DEMO:
            raise CommandError("The phones belong to a demonstration: OWSO_DEMO=1.")
        system = System(settings.PUBLIC_URL, settings.TELEGRAM_SECRET, settings.SMS_HOOK_TOKEN)
        PhonesServer(port, system).serve_forever()
