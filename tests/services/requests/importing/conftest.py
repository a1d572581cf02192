"""The registers that import tests run on, and an import of a small one in a rolled-back test."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.services.requests.importing.registers import REAL, synthetic

AVAILABLE = ["synthetic", *(["municipal"] if REAL.is_file() else [])]
COLUMNS = {
    "reference": "No.",
    "received": "Received",
    "planned": "Due",
    "ended": "Ended",
    "stage": "Stage",
    "stage_at": "Done",
}
HEADER = [*COLUMNS.values()]
MAPPING = {
    "source": "paper-register",
    "columns": COLUMNS,
    "service": {"code": "CON-P-001"},
    "completion": {"by": "ended"},
}
GOOD = [
    ["A-1", "2024-03-04 08:30", "2024-04-04", "2024-03-08 10:00", "check", "2024-03-05 09:00"],
    ["A-1", "2024-03-04 08:30", "2024-04-04", "2024-03-08 10:00", "Sign", "2024-03-08 09:59"],
]


@dataclass(frozen=True)
class Answer:
    """What the command said: exit code, the texts it printed, the rows of its report."""

    code: int
    printed: str
    error: str
    report: list[list[str]]

    def lines(self, word: str) -> list[int]:
        """The lines of the file that the report says this about."""
        return [int(row[0]) for row in self.report if word in row[3]]


@pytest.fixture(params=AVAILABLE)
def register(request, tmp_path) -> Path:
    """A register of the municipal shape: a made one, and the real one where it is there."""
    if request.param == "municipal":
        return REAL
    return synthetic(tmp_path / "register.csv")


@pytest.fixture
def import_file(province, tmp_path) -> Callable[..., Answer]:
    """Import a file into the province of the test by the command; changes to MAPPING by keyword."""

    def run(path: Path, *arguments: str, language: str = "en", **changes: object) -> Answer:
        mapping, report = tmp_path / "mapping.json", tmp_path / "report.csv"
        mapping.write_text(json.dumps({**MAPPING, **changes}), encoding="utf-8")
        printed, code, error = io.StringIO(), 0, ""
        options = ["--province", "01", "--mapping", str(mapping), "--report", str(report)]
        try:
            call_command(
                "import_register",
                str(path),
                *options,
                "--language",
                language,
                *arguments,
                stdout=printed,
            )
        except CommandError as problem:
            code, error = problem.returncode, str(problem)
        rows = []
        if report.is_file():
            with report.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.reader(file))[1:]
        return Answer(code, printed.getvalue(), error, rows)

    return run


@pytest.fixture
def import_rows(import_file, tmp_path) -> Callable[..., Answer]:
    """Import rows under HEADER, after the two rows of a good case (lines 2 and 3)."""

    def run(*rows: list[str], **changes: object) -> Answer:
        path = tmp_path / "rows.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *GOOD, *rows])
        return import_file(path, **changes)

    return run
