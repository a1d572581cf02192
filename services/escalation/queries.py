"""Reads of the notices of one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial

from psycopg import sql

from owso.database.access import current
from owso.database.prepared import ask
from services.catalogue.queries import terms
from services.escalation.models import EscalationRule, Notice
from services.offices.models import Closure

PAGE = 50
_UNREAD = sql.SQL("SELECT count(*)::text FROM {} WHERE user_id = $1 AND read_at IS NULL")


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notice with what it is about: `closure`, the day that is `reopened`, or a stage."""

    id: int
    created_at: datetime
    is_read: bool
    moved: int
    closure: Closure | None
    step: int = 0
    limit_at: datetime | None = None
    tracking_code: str = ""
    office_id: int = 0
    service_name: str = ""
    stage_name: str = ""
    is_over: bool = False
    reopened: date | None = None


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page of notices; `following` is the id the next page begins after, None at the end."""

    rows: tuple[NoticeRow, ...]
    following: int | None


def unread_count(user_id: int) -> int:
    """Count the notices somebody has not read; one small index answers."""
    found = ask(_unread(current().schema_name), str(user_id))
    return int(found or 0)


@lru_cache(maxsize=100)
def _unread(schema_name: str) -> bytes:
    return _UNREAD.format(sql.Identifier(schema_name, "escalation_notice")).as_bytes(None)


def notices_of(user_id: int, *, after: int | None = None, limit: int = PAGE) -> NoticePage:
    """Return somebody's notices, newest first, a page at a time; one query."""
    found = Notice.objects.filter(user_id=user_id).select_related(
        "closure", "escalation__visit__request"
    )
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.order_by("-pk")[: limit + 1])
    following = rows[limit - 1].pk if len(rows) > limit else None
    return NoticePage(tuple(map(_row, rows[:limit])), following)


def rules() -> Sequence[EscalationRule]:
    """Return the steps of the province's ladder, the earliest first."""
    return list(EscalationRule.objects.order_by("offset_days"))


def _row(notice: Notice) -> NoticeRow:
    is_read, step = notice.read_at is not None, notice.escalation
    row = partial(NoticeRow, notice.pk, notice.created_at, is_read, notice.moved)
    if notice.day is not None and notice.office_id is not None:
        return row(None, office_id=notice.office_id, reopened=notice.day)
    if step is None:
        return row(notice.closure)
    visit, request = step.visit, step.visit.request
    found = terms(request.service_version_id)
    names = {stage.code: stage.name for stage in found.stages}
    return row(
        None,
        step=step.step,
        limit_at=step.limit_at,
        tracking_code=request.tracking_code,
        office_id=request.office_id,
        service_name=found.name,
        stage_name=names.get(visit.stage_code, visit.stage_code),
        is_over=visit.left_at is not None,
    )
