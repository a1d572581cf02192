"""Lists who read whose data in a province: the first question after a breach."""

import csv
import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from services.privacy.breaches import Asked, readings
from services.requests.codes import parse_code
from tenants import clock
from tenants.context import in_province, province_by_code


class Command(BaseCommand):
    """Writes CSV to the terminal and a summary beside it; no line names a citizen."""

    help = "List the readings of personal data in a province, by day, account, address, request."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the province and what narrows the list down."""
        parser.add_argument("--province", required=True, help=_("two-digit code"))
        parser.add_argument("--since", required=True, help=_("first day, such as 2026-11-01"))
        parser.add_argument("--until", default="", help=_("last day"))
        parser.add_argument("--account", type=int, help=_("number of an account"))
        parser.add_argument("--address", default="", help=_("network address"))
        parser.add_argument("--request", default="", help=_("code of one request"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a reading, then how many there were of how many persons."""
        province = province_by_code(options["province"])
        if province is None:
            code = options["province"]
            raise CommandError(_("There is no province with the code %(code)s.") % {"code": code})
        asked = Asked(
            since=_day(options["since"]),
            until=_day(options["until"]) if options["until"] else clock.today(),
            actor_id=options["account"],
            address=options["address"],
            request_code=_code(options["request"]),
        )
        with in_province(province):
            lines = list(readings(asked))
        heads = (_("when"), _("request"), _("account"), _("office"), _("network address"))
        writer = csv.writer(sys.stdout)
        writer.writerow((*heads, _("fields shown")))
        for line in lines:
            place = (line.account, line.office, line.address, line.fields)
            writer.writerow((line.at.isoformat(), line.code, *place))
        words = {
            "readings": len(lines),
            "requests": len({line.code for line in lines}),
            "persons": len({line.applicant_id for line in lines}),
        }
        summary = _("%(readings)s readings of %(requests)s requests of %(persons)s persons")
        print(summary % words, file=sys.stderr)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("This is not a day: %(text)s") % {"text": text}) from error


def _code(text: str) -> str:
    code = parse_code(text) if text else ""
    if code is None:
        raise CommandError(_("This is not a code: %(text)s") % {"text": text})
    return code
