"""Takes over an older register of a province from CSV or XLSX."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from owso.errors import DomainError
from services.offices.actors import system_actor
from services.requests.importing.mapping import load_mapping
from services.requests.importing.models import ImportRun
from services.requests.importing.progress import Bar
from services.requests.importing.reporting import refused_lines, remarks, write_report
from services.requests.importing.running import Order, close_run, run_import
from tenants.context import in_province, province_by_code

SHOWN = 20


class Command(BaseCommand):
    """Imports what is good, reports what is not row by row, and never imports a case twice."""

    help = "Import an older register (CSV or XLSX) into a province."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file, the province and the mapping."""
        parser.add_argument("file", type=Path, help="The register, CSV or XLSX.")
        parser.add_argument("--province", required=True, help="Two-digit code, such as 01.")
        parser.add_argument("--mapping", required=True, help="A JSON file, or a shipped name.")
        parser.add_argument("--office", default="", help="Code of the office; default: the unit.")
        parser.add_argument("--dry-run", action="store_true", help="Check only, write nothing.")
        parser.add_argument("--report", type=Path, help="Write the remarks by row to this CSV.")
        parser.add_argument("--resume", action="store_true", help="Go on where a run stopped.")
        parser.add_argument("--allow-refused", action="store_true", help="Refused rows: still 0.")
        parser.add_argument("--progress", action="store_true", help="A bar without a terminal.")
        codes = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=codes, default=settings.LANGUAGE_CODE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report; exit code 1 when rows were refused."""
        with translation.override(options["language"]):
            try:
                refused = self._import(options)
            except DomainError as error:
                raise CommandError(str(error.message)) from None
            if refused and not options["allow_refused"]:
                raise CommandError(
                    _("Rows that were refused: %(rows)s. Cases without such rows are sound.")
                    % {"rows": refused}
                )

    def _import(self, options: dict[str, Any]) -> int:
        province = province_by_code(options["province"])
        if province is None:
            raise CommandError(
                _("There is no province “%(code)s”.") % {"code": options["province"]}
            )
        order = Order(
            path=options["file"],
            mapping=load_mapping(options["mapping"]),
            office=options["office"],
            is_dry_run=options["dry_run"],
            is_resumed=options["resume"],
        )
        with in_province(province):
            bar = Bar(is_forced=options["progress"])
            run = run_import(order, by=system_actor("register import"), progress=bar)
            refused = refused_lines(run)
            self._report(run, options["report"])
            self._summary(run, refused)
            close_run(run)
        return refused

    def _report(self, run: ImportRun, path: Path | None) -> None:
        if path is not None:
            count = write_report(run, path)
            self.stdout.write(
                _("%(count)s remarks are in %(path)s.") % {"count": count, "path": path}
            )
            return
        for number, remark in enumerate(remarks(run)):
            if number == SHOWN:
                self.stdout.write(_("There are more remarks: name a file with --report."))
                return
            self.stdout.write(f"{remark.line}: {remark.column}: {remark.wrong} {remark.remedy}")

    def _summary(self, run: ImportRun, refused: int) -> None:
        facts = (
            (_("Rows read"), run.lines_read),
            (_("Requests taken over"), run.imported),
            (_("Stages taken over"), run.stages),
            (_("Taken over before"), run.repeated),
            (_("Cases refused"), run.refused_cases),
            (_("Rows refused"), refused),
        )
        if run.is_dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        for label, number in facts:
            self.stdout.write(f"{label}: {number}")
