"""Removes what has been kept long enough, or says what would go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from services.offices.actors import system_actor
from services.privacy.actions.disposing import BATCH, ORDER, dispose
from services.privacy.reports import figures_of
from tenants.context import each_province

ROW = "{:<4} {:<12} {:>10} {:>10} {:>10} {:>10} {:>8}"


class Command(BaseCommand):
    """Prints one line for each kind of data of each province."""

    help = "Dispose of data whose retention period has ended; --dry-run only counts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one province or all, and how it is done."""
        parser.add_argument("--province", help=_("two-digit code; all when left out"))
        parser.add_argument("--dry-run", action="store_true", help=_("count, and touch nothing"))
        parser.add_argument("--batch", type=int, default=BATCH, help=_("requests a transaction"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run province by province; each commits on its own."""
        if options["batch"] < 1:
            raise CommandError(_("A batch has at least one request."))
        heads = (_("due"), _("disposed of"), _("on hold"), _("rows"), _("files"))
        print(ROW.format("", "", *map(str, heads)))
        is_found = False
        for province in each_province():
            if options["province"] not in {None, province.code}:
                continue
            is_found = True
            run = dispose(
                by=system_actor("dispose"), is_dry_run=options["dry_run"], batch=options["batch"]
            )
            for kind in ORDER:
                found = figures_of(run.report, kind)
                counts = (found.due, found.taken, found.held, found.rows, found.files)
                print(ROW.format(province.code, kind, *(f"{count:,}" for count in counts)))
        if not is_found:
            code = options["province"]
            raise CommandError(_("There is no province with the code %(code)s.") % {"code": code})
