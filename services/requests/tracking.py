"""What a citizen may know of a request by its code alone: stages and days, nothing personal."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from psycopg import sql

from owso.database.access import current
from owso.database.prepared import ask
from services.requests.states import State


@dataclass(frozen=True, slots=True)
class TrackedVisit:
    """One stage the request was or is in."""

    stage_code: str
    entered_at: datetime
    planned_minutes: int
    due_at: datetime
    left_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class TrackedPause:
    """One time the office waited for the citizen."""

    reason: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TrackedPaper:
    """A paper that is still asked for."""

    name_km: str
    name_en: str


@dataclass(frozen=True, slots=True)
class TrackedReceipt:
    """A receipt by its printed number; whole riel."""

    number: str
    issued_at: datetime
    amount_riel: int
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class TrackingView:
    """Everything the tracking page shows; times are UTC, money whole riel."""

    tracking_code: str
    version: int
    state: State
    service_version_id: int
    office_id: int
    office_code: str
    office_name_km: str
    office_name_en: str
    office_address_km: str
    office_address_en: str
    office_phone: str
    office_hours_id: int
    received_at: datetime
    registered_at: datetime | None
    due_at: datetime | None
    promised_at: datetime | None
    ready_at: datetime | None
    delivered_at: datetime | None
    closed_at: datetime | None
    paused_minutes: int
    fee_riel: int | None
    paid_riel: int
    paid_at: datetime | None
    visits: tuple[TrackedVisit, ...]
    pauses: tuple[TrackedPause, ...]
    missing_papers: tuple[TrackedPaper, ...]
    receipts: tuple[TrackedReceipt, ...]

    @property
    def open_pause(self) -> TrackedPause | None:
        """The pause the request is in now."""
        return next((pause for pause in self.pauses if pause.ended_at is None), None)

    @property
    def current_visit(self) -> TrackedVisit | None:
        """The stage the request is in now."""
        return next((visit for visit in self.visits if visit.left_at is None), None)


# One column: reading 26 of them, eight with times, costs a page more than the database's work.
_SELECT = "SELECT row_to_json(seen)::text FROM {view} AS seen WHERE tracking_code = $1"
_STORED_TIMES = (
    "received_at",
    "registered_at",
    "due_at",
    "promised_at",
    "ready_at",
    "delivered_at",
    "closed_at",
)


def tracking(code: str, *, schema_name: str | None = None) -> TrackingView | None:
    """Return a request of a province by its parsed code, None when there is none.

    One query on one view; works under the portal's role, which may read nothing else. The
    current province unless a schema is named: the portal reads all from where it stands.
    """
    found = ask(_select(schema_name or current().schema_name), code)
    return None if found is None else _view(json.loads(found))


@lru_cache(maxsize=100)
def _select(schema_name: str) -> bytes:
    view = sql.Identifier(schema_name, "tracking_request")
    return sql.SQL(_SELECT).format(view=view).as_bytes(None)


def _view(row: dict[str, Any]) -> TrackingView:
    for name in _STORED_TIMES:
        row[name] = _moment(row[name])
    row["state"] = State(row["state"])
    row["visits"] = tuple(_visit(*each) for each in row["visits"] or ())
    row["pauses"] = tuple(_pause(*each) for each in row["pauses"] or ())
    row["missing_papers"] = tuple(TrackedPaper(*each) for each in row["missing_papers"] or ())
    money = _money(row.pop("payments") or ())
    return TrackingView(**row, **money)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _visit(
    stage_code: str,
    entered_at: str,
    planned_minutes: int,
    due_at: str,
    left_at: str | None,
    outcome: str,
) -> TrackedVisit:
    entered, due = datetime.fromisoformat(entered_at), datetime.fromisoformat(due_at)
    return TrackedVisit(stage_code, entered, planned_minutes, due, _moment(left_at), outcome)


def _pause(reason: str, started_at: str, ended_at: str | None) -> TrackedPause:
    return TrackedPause(reason, datetime.fromisoformat(started_at), _moment(ended_at))


def _money(payments: Iterable[tuple[str | None, str, int, int | None, str]]) -> dict[str, Any]:
    """What was paid and not taken back, the last time it was, and the receipts."""
    paid_riel, paid_at, receipts = 0, None, []
    for number, issued_at, amount_riel, reversed_riel, at in payments:
        paid_riel += amount_riel - (reversed_riel or 0)
        if reversed_riel is None:
            moment = datetime.fromisoformat(at)
            paid_at = moment if paid_at is None else max(paid_at, moment)
        if number is not None:
            issued, is_reversed = datetime.fromisoformat(issued_at), reversed_riel is not None
            receipts.append(TrackedReceipt(number, issued, amount_riel, is_reversed))
    return {"paid_riel": paid_riel, "paid_at": paid_at, "receipts": tuple(receipts)}
