"""The words of a queue: its tabs, and each line with its remaining legal time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils.translation import gettext_lazy

from owso.accounts.permissions import Role
from owso.formats import language, local_day
from services.casework.queues import QueueLine, Tab
from services.casework.rules import issues_document
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.offices.actors import Actor
from services.requests.codes import format_code
from services.requests.states import CLOCK_RUNS, State
from services.web.counter.rows import left_text, tone_of

WHOLE = 100
_TAB_NAMES = {
    Tab.MINE: gettext_lazy("Mine"),
    Tab.ROLE: gettext_lazy("For my role"),
    Tab.OFFICE: gettext_lazy("The office"),
    Tab.TODAY: gettext_lazy("Due today"),
    Tab.LATE: gettext_lazy("Late"),
    Tab.OPINIONS: gettext_lazy("Opinions"),
    Tab.PAUSED: gettext_lazy("Paused"),
    Tab.READY: gettext_lazy("Ready"),
    Tab.INCOMPLETE: gettext_lazy("Papers missing"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `share` is the part of the legal time that is left, in hundredths."""

    code: str
    row: str
    service: str
    applicant: str
    tone: str
    state: str
    stage: str
    with_whom: str
    is_taken: bool
    due: str
    left: str
    share: int
    may_be_ticked: bool


def tab_name(tab: Tab) -> str:
    """What a tab is called."""
    return str(_TAB_NAMES[tab])


def lines_of(lines: Iterable[QueueLine], *, actor: Actor, now: datetime) -> list[Line]:
    """The lines of a page as they are read."""
    return [_line(line, actor, now) for line in lines]


def share_left(start: datetime | None, due_at: datetime | None, now: datetime) -> int:
    """How much of the legal time is left, in hundredths of it: 0 when it is over."""
    if start is None or due_at is None or due_at <= start:
        return 0
    return max(0, min(WHOLE, int(WHOLE * ((due_at - now) / (due_at - start)))))


def _line(line: QueueLine, actor: Actor, now: datetime) -> Line:
    terms = terms_of(line.version_id)
    stage = next((each.name for each in terms.stages if each.code == line.stage_code), "")
    role = _role_name(line.actor_role, language())
    is_running = line.state in CLOCK_RUNS
    code = format_code(line.tracking_code)
    return Line(
        code=code,
        row=f"{code}~{line.visit_id}",
        service=terms.name,
        applicant=line.applicant,
        tone=tone_of(line.state, line.due_at, now),
        state=str(State(line.state).label),
        stage=stage,
        with_whom=line.with_whom or role,
        is_taken=bool(line.with_whom),
        due=local_day(line.due_at) if line.due_at else local_day(line.received_at),
        left=left_text(line.due_at, now) if is_running else "",
        share=share_left(line.registered_at, line.due_at, now) if is_running else 0,
        may_be_ticked=is_running and _acts(line, terms, actor),
    )


@lru_cache(maxsize=64)
def _role_name(role: str, name: str) -> str:
    del name  # whoever asks reads in it
    return str(Role(role).label) if role in Role.values else ""


def _acts(line: QueueLine, terms: VersionTerms, actor: Actor) -> bool:
    """Whether this person may finish the stage of a row unseen: a document is looked at first."""
    if line.actor_role == Role.SIGNATORY and issues_document(terms):
        return False
    return actor.holds(line.actor_role, office_id=line.office_id, sector_id=terms.sector_id)
