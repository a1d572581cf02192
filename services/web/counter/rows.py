"""Lines of a queue as a page shows them: code, service, applicant, stage, time that is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from owso.accounts.permissions import Role
from owso.formats import duration, local_day
from services.catalogue.queries import terms
from services.requests.codes import format_code
from services.requests.queries import QueueRow
from services.requests.states import CLOCK_RUNS, State

SOON = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `tone` is the colour and shape of the state."""

    code: str
    service: str
    applicant: str
    state: str
    tone: str
    stage: str
    role: str
    due: str
    left: str


def rows_of(rows: Iterable[QueueRow], *, now: datetime) -> list[Line]:
    """The lines of a table."""
    return [_line(row, now) for row in rows]


def tone_of(state: str, due_at: datetime | None, now: datetime) -> str:
    """The colour and shape of a state: on-time, soon, late, waiting or done."""
    if state in {State.INCOMPLETE, State.WAITING}:
        return "waiting"
    if state not in CLOCK_RUNS or due_at is None:
        return "done"
    if due_at < now:
        return "late"
    return "soon" if due_at - now < SOON else "on-time"


def left_text(due_at: datetime | None, now: datetime) -> str:
    """How long until, or since, the legal limit."""
    if due_at is None:
        return ""
    minutes = abs(due_at - now) // ONE_MINUTE
    if due_at < now:
        return _("%(time)s late") % {"time": duration(minutes)}
    return _("%(time)s left") % {"time": duration(minutes)}


def _line(row: QueueRow, now: datetime) -> Line:
    found = terms(row.service_version_id)
    stage = next((each.name for each in found.stages if each.code == row.stage_code), "")
    is_running = row.state in CLOCK_RUNS
    return Line(
        code=format_code(row.tracking_code),
        service=found.name,
        applicant=row.applicant,
        state=str(State(row.state).label),
        tone=tone_of(row.state, row.due_at, now),
        stage=stage,
        role=str(Role(row.actor_role).label) if row.actor_role in Role.values else "",
        due=local_day(row.due_at) if row.due_at else "",
        left=left_text(row.due_at, now) if is_running else "",
    )
