"""Forecasts measured on requests held back: a real register, and the demonstration's history."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from services.calendars.axis import WorkingAxis
from services.calendars.working import WorkingCalendar
from services.forecast.measuring import held_back, latest_quarter, measured
from services.forecast.visits import Nation, PastVisit
from tenants.clock import LOCAL
from tests.benchmarks.data_rows import REGISTER
from tests.benchmarks.installation import Installation
from tests.benchmarks.rows import Row

# A register is told in its own offices' time: days of eight hours, Monday to Friday.
HOURS = ((time(8), time(12)), (time(13), time(17)))
FIRST, DAYS = date(2009, 1, 1), 3_000
MINUTES_A_DAY = 480
WIDTHS = {
    "forecast_width": ("limit_width", "the plain limit"),
    "forecast_width_fair": ("fair_width", "the limit moved to hold as often"),
}


def forecast(site: Installation, size: str) -> list[Row]:
    """Coverage and mean width, beside the plain legal limit of the same moments."""
    rows = []
    if REGISTER.exists():
        visits = list(register_visits(REGISTER))
        told = {
            "held_back": asdict(measured(held_back(visits, Nation()))),
            "latest": asdict(measured(latest_quarter(visits, Nation()))),
        }
        rows += _rows(told, f"{len({visit.request_id for visit in visits})} real")
    return rows + _rows(json.loads(site.manage("forecast", "--measure")), size)


def register_visits(path: Path) -> Iterator[PastVisit]:
    """Read the municipal register as past visits, in working minutes of its own clock."""
    calendar = WorkingCalendar(dict.fromkeys(range(5), HOURS))
    axis = WorkingAxis(calendar, FIRST, DAYS)
    cases: dict[str, list[dict[str, str]]] = defaultdict(list)
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cases[row["case:concept:name"]].append(row)
    for reference, rows in cases.items():
        if rows[0]["case:enddate"]:
            yield from _visits_of(int(reference.removeprefix("case-")), rows, axis)


def _visits_of(
    request_id: int, rows: list[dict[str, str]], axis: WorkingAxis
) -> Iterator[PastVisit]:
    case = rows[0]
    end = _local(case["case:enddate"])
    due = _local(case["case:enddate_planned"] or case["case:deadline"])
    entered = axis.position(_local(case["case:startdate"]))
    for moment, stage in sorted(
        (_local(row["time:timestamp"]), row["concept:name"]) for row in rows
    ):
        if moment > end:
            return
        left = max(entered, axis.position(moment))
        spans = (left, axis.position(end), axis.position(due))
        dwell, remaining, limit = (each - entered for each in spans)
        yield PastVisit(
            1, 1, stage, request_id, dwell, remaining, limit, int(end.timestamp()) // 60
        )
        entered = left


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def _rows(told: dict[str, dict[str, Any]], size: str) -> list[Row]:
    spread, late = told["held_back"], told["latest"]
    width = spread["width"] / MINUTES_A_DAY
    return [
        Row("forecast_holds", spread["held"], "of 0.80", size, spread["limit_held"], "plain limit"),
        Row("forecast_holds_latest", late["held"], "of 0.80", size, late["limit_held"], "limit"),
        Row("forecast_surely", spread["held_surely"], "of 0.95", size),
        *(
            Row(name, width, "days", size, spread[floor] / MINUTES_A_DAY, what)
            for name, (floor, what) in WIDTHS.items()
        ),
        Row("forecast_told", spread["told"] / max(1, spread["asked"]), "of 1", size),
    ]
