"""The working calendar of one office: the hours it chose or made, holidays, its own closed days.

The view `tracking_calendar` gives a province's part of it, to citizens' pages too.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from django.db import connection
from django.utils.translation import get_language
from psycopg import sql

from owso.database.access import current
from services.bilingual import in_readers_language
from services.calendars.queries import calendar_for, read_calendar
from services.calendars.working import Periods, WorkingCalendar
from services.offices import queries as offices
from services.offices.models import Office
from services.short_cache import ShortCache

FRESH_SECONDS = 30.0
_SELECT = sql.SQL("SELECT periods, closures FROM {}.tracking_calendar WHERE office_id = %s")


@dataclass(frozen=True)
class OwnDays:
    """What an office keeps of its own: opening periods, and closed days with both reasons."""

    periods: dict[int, Periods]
    closures: tuple[tuple[date, str, str], ...]


Joined = tuple[WorkingCalendar, OwnDays, WorkingCalendar]
_own: ShortCache[tuple[str, int], OwnDays] = ShortCache(FRESH_SECONDS)
_joined: dict[tuple[str, int, str], Joined] = {}


def calendar_of(office_id: int) -> WorkingCalendar:
    """Give the calendar of an office of the current province; raise NotFound when there is none.

    A change of another process shows after 30 seconds.
    """
    hours_id = offices.office(office_id).office_hours_id
    return calendar_seen(current().schema_name, office_id, hours_id)


def calendar_seen(schema_name: str, office_id: int, office_hours_id: int) -> WorkingCalendar:
    """Give the calendar of an office from wherever one stands, under the portal's role too."""
    base = calendar_for(office_hours_id)
    own = _own.get((schema_name, office_id), lambda: _read_own(schema_name, office_id))
    if not own.periods and not own.closures:
        return base
    key = (schema_name, office_id, get_language() or "km")
    kept = _joined.get(key)
    # The same object for the same parts: it remembers what it has worked out.
    if kept is None or kept[0] is not base or kept[1] is not own:
        kept = _joined[key] = (base, own, _join(base, own))
    return kept[2]


def fresh_calendar(office: Office) -> WorkingCalendar:
    """Give the calendar of an office as it stands in the database at this moment."""
    own = _read_own(current().schema_name, office.pk)
    return _join(read_calendar(office.office_hours_id), own)


def forget_calendars() -> None:
    """Drop what this process remembers of the offices' own days."""
    _own.clear()
    _joined.clear()


def content_of(calendar: WorkingCalendar) -> dict[str, Any]:
    """Return what deadlines depend on, as JSON keeps it."""
    return {
        "periods": {
            str(weekday): [[opens.isoformat(), closes.isoformat()] for opens, closes in periods]
            for weekday, periods in sorted(calendar.periods.items())
        },
        "closed": sorted({day.isoformat() for day in (*calendar.holidays, *calendar.closures)}),
    }


def calendar_from(content: dict[str, Any]) -> WorkingCalendar:
    """Return a calendar, without names, from what `content_of` kept of it."""
    closed = {date.fromisoformat(day): "" for day in content["closed"]}
    return WorkingCalendar(_periods(content["periods"]), closed)


def _join(base: WorkingCalendar, own: OwnDays) -> WorkingCalendar:
    closures = {
        day: in_readers_language(reason_km, reason_en or reason_km)
        for day, reason_km, reason_en in own.closures
    }
    return replace(base, periods=own.periods or base.periods, closures=closures)


def _read_own(schema_name: str, office_id: int) -> OwnDays:
    with connection.cursor() as cursor:
        cursor.execute(_SELECT.format(sql.Identifier(schema_name)), [office_id])
        periods, closures = cursor.fetchone() or ({}, [])
    return OwnDays(
        _periods(_parsed(periods)),
        tuple((date.fromisoformat(day), km, en) for day, km, en in _parsed(closures)),
    )


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _periods(rows: dict[str, list[list[str]]]) -> dict[int, Periods]:
    return {
        int(weekday): tuple(
            (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in periods
        )
        for weekday, periods in rows.items()
    }
