"""What waits at an office: tabs, counts, filters and pages, the most urgent first.

An office has some thousands of requests that are not finished and millions that are; every
query here reads ranges of `request_unfinished` or `request_queue`, which hold only the former.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from services.casework import queue_conditions as conditions
from services.casework.queue_tabs import (
    NO_FILTERS,
    UNFINISHED,
    Filters,
    Position,
    Tab,
    midnight_after,
)
from services.offices.actors import Actor
from services.requests.khmer import mask
from services.requests.states import CLOCK_RUNS, OPEN, State

__all__ = ["Filters", "Position", "QueueLine", "QueuePage", "Tab", "queue_counts", "queue_page"]

PAGE = 25
# Nothing but our own words and placeholders stands in the statements of this module.
_LINES = f"""
SELECT r.id, r.tracking_code, r.state, r.service_version_id, a.full_name, v.stage_code,
 v.actor_role, r.current_visit_id, r.registered_at, r.received_at, r.due_at, p.full_name_km,
 r.office_id
FROM ({{found}}) r
{conditions.VISITS}
{conditions.ASSIGNMENTS}
{conditions.APPLICANTS}
LEFT JOIN accounts_user p ON p.id = w.user_id
ORDER BY r.due_at, r.id"""  # noqa: S608
_RUNNING, _OPEN = conditions.in_states(CLOCK_RUNS), conditions.in_states(OPEN)
_FIGURES = f"""
SELECT count(*) FILTER (WHERE {_OPEN}),
 count(*) FILTER (WHERE {_RUNNING} AND r.due_at >= %s AND r.due_at < %s),
 count(*) FILTER (WHERE {_RUNNING} AND r.due_at < %s),
 count(*) FILTER (WHERE r.state = 'waiting'),
 count(*) FILTER (WHERE r.state = 'ready'),
 count(*) FILTER (WHERE r.state = 'incomplete'),
 """
_JOINED = (Tab.MINE, Tab.ROLE, Tab.OPINIONS)
"""Tabs whose count asks other tables too; the others are counted in one run over an index."""
_COUNTED = (Tab.OFFICE, Tab.TODAY, Tab.LATE, Tab.PAUSED, Tab.READY, Tab.INCOMPLETE)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One request of a queue; the applicant's name is masked, `with_whom` may be empty."""

    id: int
    tracking_code: str
    state: State
    version_id: int
    applicant: str
    stage_code: str
    actor_role: str
    visit_id: int | None
    registered_at: datetime | None
    received_at: datetime
    due_at: datetime | None
    with_whom: str
    office_id: int


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some lines; `following` is where the next page begins, None at the end."""

    lines: tuple[QueueLine, ...]
    following: Position | None


def queue_page(
    actor: Actor,
    tab: Tab,
    *,
    office_id: int,
    now: datetime,
    filters: Filters = NO_FILTERS,
    after: Position | None = None,
    limit: int = PAGE,
) -> QueuePage:
    """Return a page of a tab after a position; one query, whatever the page."""
    asked = (
        conditions.held(actor, office_id),
        conditions.of_tab(actor, tab, office_id=office_id, now=now),
        conditions.narrowed(filters),
        conditions.following(after),
    )
    where = " AND ".join(part for each in asked for part in each.parts)
    values = [value for each in asked for value in each.values]
    # First which rows, then what stands beside them: the rest of a long tab is never joined.
    found = f"SELECT r.* FROM {conditions.tables(where)} WHERE {where} ORDER BY r.due_at, r.id"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(found=f"{found} LIMIT %s"), [*values, limit + 1])
        rows = cursor.fetchall()
    lines = tuple(map(_line, rows[:limit]))
    following = (lines[-1].due_at, lines[-1].id) if len(rows) > limit else None
    return QueuePage(lines, following)


def queue_counts(actor: Actor, *, office_id: int, now: datetime) -> Mapping[Tab, int]:
    """Count every tab of an office's queue in one query."""
    held = conditions.held(actor, office_id)
    values: list[Any] = [now, midnight_after(now), now]
    joined = []
    for tab in _JOINED:
        found = conditions.of_tab(actor, tab, office_id=office_id, now=now)
        where = f"{held.sql} AND {found.sql}"
        joined.append(f"(SELECT count(*) FROM {conditions.tables(where)} WHERE {where})")  # noqa: S608
        values += [*held.values, *found.values]
    statement = (
        f"{_FIGURES}{', '.join(joined)} FROM requests_servicerequest r"
        f" WHERE {held.sql} AND {conditions.in_states(UNFINISHED)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *held.values])
        return dict(zip((*_COUNTED, *_JOINED), cursor.fetchone(), strict=True))


def _line(row: tuple[Any, ...]) -> QueueLine:
    pk, code, state, version_id, name, stage, role, visit_id, *times, person, office_id = row
    registered_at, received_at, due_at = times
    return QueueLine(
        id=pk,
        tracking_code=code,
        state=State(state),
        version_id=version_id,
        applicant=mask(name or ""),
        stage_code=stage or "",
        actor_role=role or "",
        visit_id=visit_id,
        registered_at=registered_at,
        received_at=received_at,
        due_at=due_at,
        with_whom=person or "",
        office_id=office_id,
    )
