"""When a request in a stage will likely be ready: one look-up in what the process keeps."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from services.calendars.axis import WorkingAxis
from services.calendars.working import WorkingCalendar
from services.forecast.learning import ANY_OFFICE, FROM_LIMIT
from services.forecast.models import ForecastTable
from services.short_cache import ShortCache
from tenants import clock

FRESH_SECONDS = 900.0
BACK, AHEAD = timedelta(days=200), 800
Kept = tuple[list[int], int, list[list[int]]]
_tables: ShortCache[int, dict[str, Kept]] = ShortCache(FRESH_SECONDS)
_axes: dict[tuple[str, int, int], tuple[WorkingCalendar, date, WorkingAxis]] = {}


class Place(NamedTuple):
    """Where a request is, and in which language its calendar is."""

    province_id: int
    office_id: int
    service_id: int
    stage_code: str
    language: str = "km"


class Forecast(NamedTuple):
    """An estimate in days; never before today. `likely_from` to `likely_by` held 4 times in 5."""

    likely_from: date
    likely_by: date
    sure_by: date


def forecast(
    place: Place,
    calendar: WorkingCalendar,
    *,
    entered_at: datetime,
    due_at: datetime,
    now: datetime,
) -> Forecast | None:
    """Return when the result will likely be ready, None when that cannot be told.

    It cannot where too little is known, when the legal limit has passed, and when the request
    has taken longer than such requests do. Asks the database once in 15 minutes a province.
    """
    kept = _kept(place)
    if kept is None or due_at < now:
        return None
    ages, basis, rows = kept
    axis = _axis(place, calendar, clock.local_day(now))
    entered, here = axis.position(entered_at), axis.position(now)
    _age, low, likely, sure = rows[bisect_right(ages, max(0, here - entered)) - 1]
    start = axis.position(due_at) if basis == FROM_LIMIT else entered
    if start + likely < here:
        return None
    return Forecast(
        axis.day_at(max(here, start + low)),  # what has passed already is today
        axis.day_at(start + likely),
        axis.day_at(start + sure),
    )


def forget_forecasts() -> None:
    """Read the tables anew at the next question."""
    _tables.clear()
    _axes.clear()


def _kept(place: Place) -> Kept | None:
    table = _tables.get(place.province_id, lambda: _read(place.province_id))
    of_kind = f"{place.service_id}:{place.stage_code}"
    return table.get(f"{place.office_id}:{of_kind}") or table.get(f"{ANY_OFFICE}:{of_kind}")


def _read(province_id: int) -> dict[str, Kept]:
    found: dict[str, Any] = next(
        iter(
            ForecastTable.objects.filter(province_id=province_id).values_list("content", flat=True)
        ),
        {},
    )
    return {key: ([row[0] for row in rows], basis, rows) for key, (basis, rows) in found.items()}


def _axis(place: Place, calendar: WorkingCalendar, today: date) -> WorkingAxis:
    """Keep an office's line of minutes as long as its days stay and the day lasts."""
    key = (place.language, place.province_id, place.office_id)
    kept = _axes.get(key)
    if kept is not None and kept[1] == today:
        if kept[0] is calendar:
            return kept[2]
        if kept[0] == calendar:
            _axes[key] = (calendar, today, kept[2])
            return kept[2]
    axis = WorkingAxis(calendar, today - BACK, AHEAD)
    _axes[key] = (calendar, today, axis)
    return axis
