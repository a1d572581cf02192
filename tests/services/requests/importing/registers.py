"""Registers for tests, and what they say by a calculation that shares nothing with the product."""

import csv
import json
import math
import random
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from services.requests.importing.mapping import SHIPPED

REAL = Path(__file__).resolve().parents[5] / "shared" / "data" / "municipal-receipts.csv"
HEADER = [
    *("case:channel", "case:concept:name", "case:deadline", "case:department", "case:enddate"),
    *("case:enddate_planned", "case:group", "case:responsible", "case:startdate"),
    *("concept:instance", "concept:name", "lifecycle:transition", "org:group"),
    *("org:resource", "time:timestamp"),
]
CODES = json.loads((SHIPPED / "municipal-receipts.json").read_text("utf-8"))["stages"]["codes"]
STAGES = list(CODES)
WINTER = timezone(timedelta(hours=1))
LOCAL = ZoneInfo("Asia/Phnom_Penh")
MINUTE = 60


@dataclass
class Truth:
    """What a register says, counted from the file alone."""

    cases: int
    completed: int
    late: int
    open: int
    median: float
    p90: float
    stages: Counter
    dwell: dict
    open_by_day: Counter

    @property
    def on_time(self) -> int:
        """Completed within the planned end."""
        return self.completed - self.late


def truth_of(path: Path) -> Truth:
    """Count a register of the municipal shape with the csv module and arithmetic only."""
    cases = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cases[row["case:concept:name"]].append(row)
    minutes, late, open_by_day = [], 0, Counter()
    stages, dwell = Counter(), defaultdict(int)
    for rows in cases.values():
        start = datetime.fromisoformat(rows[0]["case:startdate"])
        planned = datetime.fromisoformat(rows[0]["case:enddate_planned"])
        if rows[0]["case:enddate"]:
            end = max(datetime.fromisoformat(rows[0]["case:enddate"]), start)
            minutes.append(math.floor((end - start).total_seconds() / MINUTE))
            late += end > planned
        else:
            open_by_day[planned.astimezone(LOCAL).date()] += 1
        before = start
        for row in sorted(rows, key=lambda row: datetime.fromisoformat(row["time:timestamp"])):
            moment = datetime.fromisoformat(row["time:timestamp"])
            code = CODES[row["concept:name"]]
            stages[code] += 1
            dwell[code] += max(0, math.floor((moment - before).total_seconds() / MINUTE))
            before = moment
    return Truth(
        cases=len(cases),
        completed=len(minutes),
        late=late,
        open=open_by_day.total(),
        median=percentile(minutes, 0.5),
        p90=percentile(minutes, 0.9),
        stages=stages,
        dwell=dict(dwell),
        open_by_day=open_by_day,
    )


def percentile(values: list[int], share: float) -> float:
    """Interpolate between the two values around the rank, as percentile_cont does."""
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def synthetic(path: Path, *, cases: int = 400, seed: int = 7) -> Path:
    """Write a register of the municipal shape, with its oddities, rows of cases mixed up."""
    chance = random.Random(seed)  # noqa: S311 - a register, not a secret
    rows = [row for number in range(cases) for row in _case(number, chance)]
    chance.shuffle(rows)
    write_csv(path, rows)
    return path


def _case(number: int, chance: random.Random) -> list[list[str]]:
    start = datetime(2011, 1, 3, 8, tzinfo=WINTER) + timedelta(
        minutes=chance.randrange(60 * 24 * 300), milliseconds=chance.randrange(1000)
    )
    planned = start + timedelta(days=56)
    moments = [start + timedelta(minutes=chance.randrange(1, 30_000)) for _ in range(6)]
    if number % 40 == 3:
        moments[0] = start - timedelta(minutes=chance.randrange(1, 500))
    end = start + timedelta(minutes=chance.randrange(100_000), milliseconds=1)
    if number % 50 == 7:
        end = start - timedelta(minutes=61)
    ended = "" if number % 13 == 0 else str(end)
    names = chance.sample(STAGES, k=6)
    return [
        [
            *("Desk", f"case-{number:05}", "", "General", ended, str(planned), "Group 1"),
            *("Resource21", str(start), f"task-{number}-{place}", name, "complete", "Group 1"),
            *("Resource21", str(moment)),
        ]
        for place, (name, moment) in enumerate(zip(names, moments, strict=True))
    ]


def write_csv(path: Path, rows: list[list[str]], header: list[str] | None = None) -> Path:
    """Write rows under a header as UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(header or HEADER)
        table.writerows(rows)
    return path


_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/sharedStrings.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="xl/workbook.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="Register" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
        '<Relationship Id="rId2" Target="sharedStrings.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
        "</Relationships>"
    ),
}
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def as_workbook(source: Path, target: Path) -> Path:
    """Convert a CSV to a workbook as Excel writes it: every text once, cells point at it."""
    numbers: dict[str, int] = {}
    lines = []
    with source.open(encoding="utf-8", newline="") as file:
        for place, row in enumerate(csv.reader(file), 1):
            cells = "".join(
                f'<c t="s"><v>{numbers.setdefault(text, len(numbers))}</v></c>' for text in row
            )
            lines.append(f'<row r="{place}">{cells}</row>')
    texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in numbers)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, content)
        archive.writestr("xl/sharedStrings.xml", f"<sst {_MAIN}>{texts}</sst>")
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {_MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>",
        )
    return target
