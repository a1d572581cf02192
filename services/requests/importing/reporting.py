"""The report of an import, row by row, in the reader's language."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from services.requests.importing.models import ImportNote, ImportRun, Level
from services.requests.importing.notes import ADVICE

PAGE = 1_000
FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark as the reader sees it."""

    line: int
    column: str
    level: str
    wrong: str
    remedy: str


def remarks(run: ImportRun) -> Iterator[Remark]:
    """Give the remarks of a run in the order of the file, some at a time from the database."""
    line, last = -1, -1
    while True:
        following = ImportNote.objects.filter(run=run, line__gte=line).exclude(
            line=line, id__lte=last
        )
        page = list(following.order_by("line", "id")[:PAGE])
        for note in page:
            yield _remark(note)
            line, last = note.line, note.pk
        if len(page) < PAGE:
            return


def refused_lines(run: ImportRun) -> int:
    """Count the lines that have a reason to be refused."""
    refused = ImportNote.objects.filter(run=run, level=Level.REFUSED)
    return refused.values("line").distinct().count()


def write_report(run: ImportRun, path: Path) -> int:
    """Write the remarks as CSV that spreadsheets open in Khmer; return how many there are."""
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            [_("Line"), _("Column"), _("Importance"), _("What is wrong"), _("What to do")]
        )
        for remark in remarks(run):
            cells = [remark.column, remark.level, remark.wrong, remark.remedy]
            table.writerow([remark.line, *map(_harmless, cells)])
            written += 1
    return written


def _remark(note: ImportNote) -> Remark:
    advice = ADVICE[note.code]
    return Remark(
        line=note.line,
        column=note.column,
        level=str(Level(note.level).label),
        wrong=str(advice.wrong) % note.data,
        remedy=str(advice.remedy),
    )


def _harmless(text: str) -> str:
    """Keep a spreadsheet from calculating with what the register held."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
