"""Verifies the sealed ledgers and prints the first entry that is not what it was."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from owso.audit.verifying import Verdict
from tenants.auditing import Heads, Place, heads_of, places, seal, verify

ROW = "{:<7} {:<22} {:<7} {:>12} {:>8} {:>8}  {}"


class Command(BaseCommand):
    """Prints one line a ledger; ends with code 1 when anything was altered, removed or added."""

    help = "Recompute the seals over what was done and read, then seal what is new."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one place, or all, and files for the heads that are kept outside."""
        parser.add_argument("--province", help=_("two-digit code, or public; all when left out"))
        parser.add_argument("--write-heads", help=_("file to add the heads to, to be kept outside"))
        parser.add_argument("--expect", help=_("file of heads written before"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, seal, and say by the exit code whether all is sound."""
        heads = _read_heads(Path(options["expect"])) if options["expect"] else {}
        print(ROW.format("", "", "", _("entries"), _("seals"), _("waiting"), ""))
        is_sound = True
        written: list[str] = []
        for place in _chosen(options["province"]):
            for verdict in verify(place, heads):
                is_sound &= verdict.is_sound
                _tell(place, verdict)
            seal(place)
            written += heads_of(place)
        if options["write_heads"]:
            with Path(options["write_heads"]).open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in written)
        if not is_sound:
            raise SystemExit(1)


def _chosen(code: str | None) -> list[Place]:
    found = [place for place in places() if code in {None, place.code}]
    if not found:
        raise CommandError(_("There is no province with the code %(code)s.") % {"code": code})
    return found


def _tell(place: Place, verdict: Verdict) -> None:
    head = "" if verdict.head is None else verdict.head.digest.hex()[:16]
    outcome = f"{_('sound')} {head}" if verdict.is_sound else _("BROKEN")
    counts = (f"{verdict.entries:,}", f"{verdict.seals:,}", f"{verdict.waiting:,}")
    print(ROW.format(place.code, place.name, verdict.ledger, *counts, outcome))
    for fault in verdict.faults:
        print(f"        {fault}")


def _read_heads(path: Path) -> Heads:
    heads: Heads = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            code, ledger, sequence, digest = line.split()
            heads.setdefault((code, ledger), {})[int(sequence)] = bytes.fromhex(digest)
    except (OSError, ValueError) as error:
        message = _("This is not a file of heads: %(path)s") % {"path": path}
        raise CommandError(message) from error
    return heads
