"""The morning's figures and the lists behind them, for the offices somebody oversees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import TABLE, Verb
from owso.errors import NotAllowed, NotFound
from services.offices.actors import PROVINCE_WIDE, Actor
from services.offices.queries import OfficeTerms, offices
from services.oversight.looks import (
    APPROVAL_DAYS,
    HAPPENED,
    LAST_HOURS,
    LONG_PAUSE,
    LOOKS,
    NOW,
    SIGN_DAYS,
    SIGNS,
    TODAY,
    Look,
)
from services.requests.queries import QueueRow, rows_seen_by
from tenants import clock

PAGE = 50
LONGEST = 10
MOST_PEOPLE = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A list and how long it is."""

    look: Look
    number: int


@dataclass(frozen=True, slots=True)
class StageLoad:
    """Files in one stage: how many, and how many past its limit; `version_id` knows its name."""

    code: str
    actor_role: str
    version_id: int
    open: int
    late: int


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """Stages that one person finished late in the last 30 days."""

    user_id: int
    name_km: str
    name_en: str
    late: int


@dataclass(frozen=True, slots=True)
class Money:
    """What came in today in one way: whole riel credited, and US cents that were laid down."""

    method: str
    currency: str
    count: int
    riel: int
    cents: int


@dataclass(frozen=True, slots=True)
class Morning:
    """All a chief sees first; the same number of queries whatever there is."""

    today: tuple[Figure, ...]
    now: tuple[Figure, ...]
    signs: tuple[Figure, ...]
    money: tuple[Money, ...]
    reversed_riel: int
    stages: tuple[StageLoad, ...]
    people: tuple[PersonLoad, ...]
    longest: tuple[QueueRow, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list behind a figure; `following` is None at the end."""

    look: Look
    rows: tuple[QueueRow, ...]
    following: int | None


def overseen(actor: Actor) -> tuple[OfficeTerms, ...]:
    """Return the active offices somebody oversees: the own ones, or all of the province."""
    grants = [grant for grant in actor.grants if Verb.OVERSEE in TABLE[grant.role]]
    everything = actor.is_system or any(grant.role in PROVINCE_WIDE for grant in grants)
    mine = {grant.office_id for grant in grants}
    return tuple(each for each in offices() if everything or each.id in mine)


def chosen_offices(actor: Actor, office_id: int | None) -> list[int]:
    """Return the ids of one overseen office or of all; somebody else's raises NotFound."""
    mine = [each.id for each in overseen(actor)]
    if not mine:
        raise NotAllowed("not_allowed", _("Your role does not include this. Ask the office chief."))
    if office_id is None:
        return mine
    if office_id not in mine:
        raise NotFound
    return [office_id]


def morning(actor: Actor, *, office_id: int | None = None, now: datetime) -> Morning:
    """Return the figures of the offices somebody oversees, or of one of them."""
    params = _params(chosen_offices(actor, office_id), now)
    numbers = _count((*TODAY, *NOW, *SIGNS), params)

    def figures(looks: Sequence[Look]) -> tuple[Figure, ...]:
        return tuple(Figure(look, numbers[look.name]) for look in looks)

    return Morning(
        today=figures(TODAY),
        now=figures(NOW),
        signs=figures(SIGNS),
        money=tuple(Money(*row) for row in _rows(_MONEY, params)),
        reversed_riel=_rows(_REVERSED, params)[0][0],
        stages=tuple(StageLoad(*row) for row in _rows(_STAGES, params)),
        people=tuple(PersonLoad(*row) for row in _rows(_PEOPLE, params)),
        longest=rows_seen_by(actor, [row[0] for row in _rows(_LONGEST, params)]),
    )


def listed(
    actor: Actor,
    name: str,
    *,
    office_id: int | None = None,
    stage: str = "",
    person: int = 0,
    after: int | None = None,
    now: datetime,
    limit: int = PAGE,
) -> Listed:
    """Return the files behind a figure, the newest first, a page at a time.

    Raises NotFound for a list that does not exist or an office that is not overseen.
    """
    look = LOOKS.get(name)
    if look is None:
        raise NotFound
    params = _params(chosen_offices(actor, office_id), now)
    params |= {"stage": stage, "person": person, "after": after or 2**62, "limit": limit + 1}
    query = (
        f"{HAPPENED} SELECT id FROM ({look.sql}) AS found (id)"  # noqa: S608 - our own text
        " WHERE id < %(after)s ORDER BY id DESC LIMIT %(limit)s"
    )
    ids = [row[0] for row in _rows(query, params)]
    following = ids[limit - 1] if len(ids) > limit else None
    return Listed(look, rows_seen_by(actor, ids[:limit]), following)


def _params(office_ids: list[int], now: datetime) -> dict[str, Any]:
    today = clock.local_day(now)
    return {
        "offices": office_ids,
        "now": now,
        "today": today,
        "day_start": datetime.combine(today, datetime.min.time(), clock.LOCAL),
        "last_hours": LAST_HOURS,
        "paused_before": now - LONG_PAUSE,
        "signs_since": now - SIGN_DAYS,
        "approved_since": now - APPROVAL_DAYS,
        "longest": LONGEST,
        "most_people": MOST_PEOPLE,
    }


def _count(looks: Sequence[Look], params: Mapping[str, Any]) -> dict[str, int]:
    """Count every list in one statement."""
    columns = ", ".join(f"(SELECT count(*) FROM ({look.sql}) AS found)" for look in looks)  # noqa: S608
    (row,) = _rows(f"{HAPPENED} SELECT {columns}", params)
    return dict(zip((look.name for look in looks), row, strict=True))


def _rows(statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(params))
        return list(cursor.fetchall())


_MONEY = """
SELECT p.method, p.currency, count(*), sum(p.amount_riel)::bigint,
    coalesce(sum(p.tendered_cents), 0)::bigint
FROM cashier_payment p
WHERE p.paid_at >= %(day_start)s AND p.paid_at <= %(now)s AND p.office_id = ANY(%(offices)s)
GROUP BY p.method, p.currency ORDER BY p.currency, p.method
"""
_REVERSED = """
SELECT coalesce(sum(b.amount_riel), 0)::bigint
FROM cashier_reversal b JOIN cashier_payment p ON p.id = b.payment_id
WHERE b.approved_at >= %(day_start)s AND b.approved_at <= %(now)s
    AND p.office_id = ANY(%(offices)s)
"""
_STAGES = """
SELECT v.stage_code, v.actor_role, min(r.service_version_id), count(*),
    count(*) FILTER (WHERE v.due_at < %(now)s)
FROM requests_servicerequest r
JOIN requests_stagevisit v ON v.id = r.current_visit_id
WHERE r.office_id = ANY(%(offices)s) AND r.state IN ('registered', 'in_progress')
GROUP BY v.stage_code, v.actor_role
ORDER BY 5 DESC, 4 DESC, 1
"""
_PEOPLE = """
SELECT u.id, u.full_name_km, coalesce(nullif(u.full_name_en, ''), u.full_name_km), count(*)
FROM requests_stagevisit v
JOIN accounts_user u ON u.id = v.handled_by_id
WHERE v.office_id = ANY(%(offices)s) AND v.left_at >= %(signs_since)s AND v.left_at > v.due_at
GROUP BY u.id ORDER BY 4 DESC, 1 LIMIT %(most_people)s
"""
_LONGEST = """
SELECT r.id FROM requests_servicerequest r
WHERE r.office_id = ANY(%(offices)s) AND r.state IN ('registered', 'in_progress')
ORDER BY r.registered_at, r.id LIMIT %(longest)s
"""
