"""The words of a queue: its tabs, its filters, and each line with its remaining legal time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from owso.accounts.permissions import Role
from owso.formats import local_day
from services.casework.queues import QueueLine, Tab
from services.casework.rules import issues_document
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.offices.actors import Actor
from services.offices.queries import at_level
from services.requests.codes import format_code
from services.requests.states import CLOCK_RUNS, State
from services.web.counter.rows import left_text, tone_of

WHOLE = 100
"""At which level of the catalogue an office of each kind works."""
Choice = tuple[str, str]


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


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: the services of the office's level, their stages and sectors."""

    services: tuple[Choice, ...]
    stages: tuple[Choice, ...]
    sectors: tuple[Choice, ...]


def tab_name(tab: Tab) -> str:
    """What a tab is called."""
    return {
        Tab.MINE: _("Mine"),
        Tab.ROLE: _("For my role"),
        Tab.OFFICE: _("The office"),
        Tab.TODAY: _("Due today"),
        Tab.LATE: _("Late"),
        Tab.OPINIONS: _("Opinions"),
        Tab.PAUSED: _("Paused"),
        Tab.READY: _("Ready"),
        Tab.INCOMPLETE: _("Papers missing"),
    }[tab]


def choices_of(office_kind: str, *, on: date) -> Choices:
    """What can be filtered by at an office of this kind; from memory, no query."""
    services = at_level(office_kind, on)
    stages = {stage.code: stage.name for terms in services for stage in terms.stages}
    sectors = {str(terms.sector_id): terms.sector_name for terms in services}
    return Choices(
        services=tuple((str(terms.service_id), terms.name) for terms in services),
        stages=tuple(stages.items()),
        sectors=tuple(sectors.items()),
    )


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
    role = str(Role(line.actor_role).label) if line.actor_role in Role.values else ""
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


def _acts(line: QueueLine, terms: VersionTerms, actor: Actor) -> bool:
    """Whether this person may finish the stage of a row unseen: a document is looked at first."""
    if line.actor_role == Role.SIGNATORY and issues_document(terms):
        return False
    return actor.holds(line.actor_role, office_id=line.office_id, sector_id=terms.sector_id)
