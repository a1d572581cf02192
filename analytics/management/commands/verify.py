"""Recounts provinces from their ledgers and prints where the national facts differ."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from analytics.choosing import chosen_provinces
from analytics.verification import VerificationResult, verify

ROW = "{:<4} {:<22} {:>10} {:>11} {:>18}  {}"


class Command(BaseCommand):
    """Prints one line a province; ends with code 1 when anything differs."""

    help = "Recount every province and compare with the national facts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one province, or all."""
        parser.add_argument("--province", help=_("two-digit code; all when left out"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Recount, print, and say by the exit code whether all is equal."""
        print(ROW.format("", "", _("events"), _("requests"), _("net riel"), ""))
        is_equal = True
        for province in chosen_provinces(options["province"]):
            result = verify(province)
            is_equal = is_equal and result.is_equal
            self._tell(province.name_en, result)
        if not is_equal:
            raise SystemExit(1)

    def _tell(self, name: str, result: VerificationResult) -> None:
        totals = result.totals
        outcome = _("equal") if result.is_equal else _("DIFFERENT")
        print(
            ROW.format(
                result.province_code,
                name,
                f"{totals.events:,}",
                f"{totals.requests:,}",
                f"{totals.income_riel:,}",
                outcome,
            )
        )
        for difference in result.differences:
            print(
                f"     {difference.check} {difference.key}:"
                f" {_('figures')} {difference.facts}, {_('ledger')} {difference.ledger}"
            )
