"""Taking the steps of the ladder that are due, each once, however many workers look."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from owso.audit.actions import record
from owso.errors import DomainError
from services.calendars.deadlines import add_working_minutes, subtract_working_minutes
from services.calendars.working import WorkingCalendar
from services.escalation.models import Escalation, EscalationRule
from services.offices.actors import Actor
from services.offices.calendars import calendar_of
from services.offices.models import Office
from services.requests.texts import checked_now

logger = structlog.get_logger(__name__)
BATCH = 1_000
ONE_MINUTE = timedelta(minutes=1)

# A step is due for a visit whose limit is not after `limit_at`; a reminder is only for stages
# planned to last longer than it comes before their limit. Of several steps that are due at
# once the last is told. What two workers find at once meets the unique constraint once.
_TAKE = """
WITH due AS (
    SELECT * FROM jsonb_to_recordset(%(due)s::jsonb)
        AS d (office_id bigint, step smallint, limit_at timestamptz, lead_minutes integer)
), wanted AS (
    SELECT v.id AS visit_id, d.step, v.due_at,
        d.step = max(d.step) OVER (PARTITION BY v.id) AS is_told
    FROM due d
    JOIN requests_servicerequest r
        ON r.office_id = d.office_id AND r.state IN ('registered', 'in_progress')
    JOIN requests_stagevisit v ON v.id = r.current_visit_id
    WHERE v.due_at <= d.limit_at AND v.planned_minutes > d.lead_minutes
), fresh AS (
    SELECT * FROM wanted w
    WHERE NOT EXISTS (
        SELECT FROM escalation_escalation e WHERE e.visit_id = w.visit_id AND e.step = w.step
    )
    ORDER BY visit_id, step LIMIT %(batch)s
)
INSERT INTO escalation_escalation (visit_id, step, limit_at, taken_at, is_told)
SELECT visit_id, step, due_at, %(now)s, is_told FROM fresh ORDER BY visit_id, step
ON CONFLICT (visit_id, step) DO NOTHING
RETURNING id, step, is_told
"""

_TELL = """
INSERT INTO escalation_notice (user_id, kind, escalation_id, moved, created_at)
SELECT DISTINCT u.id, 'stage', e.id, 0, e.taken_at
FROM escalation_escalation e
JOIN escalation_escalationrule w ON w.offset_days = e.step
JOIN requests_stagevisit v ON v.id = e.visit_id
JOIN requests_servicerequest r ON r.id = v.request_id
JOIN catalogue_service s ON s.id = r.service_id
JOIN offices_staffrole p ON {who}
JOIN accounts_user u ON u.id = p.user_id AND u.is_active
WHERE e.id = ANY(%(ids)s)
ON CONFLICT DO NOTHING
"""
_BY_RULE = """(
    (w.tells_holders AND p.role = v.actor_role AND p.office_id = r.office_id
        AND (p.sector_id IS NULL OR p.sector_id = s.sector_id))
    OR (w.tells_chief AND p.role = 'chief' AND p.office_id = r.office_id)
    OR (w.tells_administrator AND p.role = 'administrator')
)"""
# An office without the people whom a step would tell: the province's administrators hear of it.
_INSTEAD = """(
    p.role = 'administrator'
    AND NOT EXISTS (SELECT FROM escalation_notice n WHERE n.escalation_id = e.id)
)"""


def escalate(*, by: Actor, now: datetime | None = None, batch: int = BATCH) -> int:
    """Take every step that is due in the province and tell people; return how many were taken.

    A file that waits for the citizen takes no step: its clock stands still. Each batch is one
    transaction of steps, notices and one audit row, so an end at any point doubles nothing.
    """
    moment = checked_now(now)
    due = _due_limits(list(EscalationRule.objects.filter(is_active=True)), moment)
    taken = 0
    while True:
        found = _take_batch(due, by=by, now=moment, batch=batch)
        taken += found
        if found < batch:
            return taken


def _take_batch(due: str, *, by: Actor, now: datetime, batch: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, {"due": due, "now": now, "batch": batch})
        rows: list[tuple[int, int, bool]] = cursor.fetchall()
        told = [row_id for row_id, _step, is_told in rows if is_told]
        if told:
            for who in (_BY_RULE, _INSTEAD):
                cursor.execute(_TELL.format(who=who), {"ids": told})
        if rows:
            counts = Counter(f"{step:+d}" for _row_id, step, _is_told in rows)
            record("escalate", Escalation(pk=rows[-1][0]), by=by, steps=dict(counts))
    return len(rows)


def _due_limits(rules: Sequence[EscalationRule], now: datetime) -> str:
    """Return, by office and step, up to which stage limit the step is due, as JSON."""
    limits = []
    for office_id in Office.objects.order_by("pk").values_list("pk", flat=True):
        try:
            calendar = calendar_of(office_id)
        except DomainError as error:
            logger.warning("office_without_hours", office=office_id, code=error.code)
            continue
        limits += [_due_limit(office_id, rule.offset_days, calendar, now) for rule in rules]
    return json.dumps(limits)


def _due_limit(
    office_id: int, step: int, calendar: WorkingCalendar, now: datetime
) -> dict[str, object]:
    minutes = abs(step) * (calendar.usual_day // ONE_MINUTE)
    reckon = add_working_minutes if step < 0 else subtract_working_minutes
    return {
        "office_id": office_id,
        "step": step,
        "limit_at": reckon(now, minutes, calendar).isoformat(),
        "lead_minutes": minutes if step < 0 else -1,
    }
