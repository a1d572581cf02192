"""What a citizen may know of a request by its code alone: stages and days, nothing personal."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from owso.database.access import current
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


_COLUMNS = tuple(TrackingView.__dataclass_fields__)
_SELECT = "SELECT {columns} FROM {schema}.tracking_request WHERE tracking_code = %s"


def tracking(code: str, *, schema_name: str | None = None) -> TrackingView | None:
    """Return a request of a province by its parsed code, None when there is none.

    One query on one view; works under the portal's role, which may read nothing else. The
    current province unless a schema is named: the portal reads all from where it stands.
    """
    row = _row(_select(schema_name or current().schema_name), code)
    return None if row is None else _view(dict(zip(_COLUMNS, row, strict=True)))


@lru_cache(maxsize=100)
def _select(schema_name: str) -> str:
    columns = sql.SQL(", ").join(map(sql.Identifier, _COLUMNS))
    names = {"columns": columns, "schema": sql.Identifier(schema_name)}
    return sql.SQL(_SELECT).format(**names).as_string(None)


def _row(statement: str, code: str) -> tuple[Any, ...] | None:
    """Run the statement prepared: planning the view takes four times as long as reading it.

    The schema is named in the text, so that each province keeps a plan of its own.
    """
    with (
        connection.cursor(),  # takes the role
        connection.wrap_database_errors,
        # Django's own cursors bind on the client, and nothing can be prepared with those.
        psycopg.Cursor(connection.connection) as cursor,
    ):
        cursor.execute(statement.encode(), [code], prepare=True)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found


def _view(row: dict[str, Any]) -> TrackingView:
    row["state"] = State(row["state"])
    row["visits"] = tuple(TrackedVisit(**_times(each)) for each in _list(row["visits"]))
    row["pauses"] = tuple(TrackedPause(**_times(each)) for each in _list(row["pauses"]))
    row["missing_papers"] = tuple(TrackedPaper(**each) for each in _list(row["missing_papers"]))
    row["receipts"] = tuple(TrackedReceipt(**_times(each)) for each in _list(row["receipts"]))
    return TrackingView(**row)


def _list(value: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(value) if isinstance(value, str) else value
    return found


def _times(each: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in each.items()
    }
