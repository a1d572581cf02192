"""The conditions of an office's queue in SQL, over the tables and names that `tables` gives them.

Written out, and not composed by the ORM: a page of the queue is the one a back office reloads all
day, and composing its statements took longer than PostgreSQL takes to answer them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.casework.queue_tabs import STATES, Filters, Position, Tab, midnight_after
from services.offices.actors import PROVINCE_WIDE, Actor
from services.requests.codes import parse_code
from services.requests.khmer import normalise
from services.requests.people import hashed
from services.requests.states import State
from services.requests.texts import Fields, clean_phone
from services.requests.visibility import sectors_at

REQUESTS = "requests_servicerequest r"
VISITS = "LEFT JOIN requests_stagevisit v ON v.id = r.current_visit_id"
# That it is not null goes without saying, but not for the planner: it would walk an index over
# all the finished requests, which have none.
OPEN_VISITS = (
    "JOIN requests_stagevisit v ON v.id = r.current_visit_id AND r.current_visit_id IS NOT NULL"
    " AND v.office_id = r.office_id AND v.left_at IS NULL"
)
ASSIGNMENTS = (
    "LEFT JOIN casework_assignment w"
    " ON w.request_id = r.id AND w.office_id = r.office_id AND w.role = v.actor_role"
)
APPLICANTS = "LEFT JOIN requests_applicant a ON a.id = r.applicant_id"
ASKED = (
    "EXISTS (SELECT 1 FROM casework_opinion o WHERE o.request_id = r.id"
    " AND o.role = ANY(%s) AND o.answered_at IS NULL AND o.withdrawn_at IS NULL)"
)
_OF_SECTORS = (
    "r.service_id = ANY(ARRAY(SELECT id FROM catalogue_service WHERE sector_id = ANY(%s)))"
)


@dataclass(slots=True)
class Condition:
    """Parts that all must hold, each with its values in order."""

    parts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, part: str, *values: Any) -> "Condition":
        """Ask for one thing more."""
        self.parts.append(part)
        self.values += values
        return self

    @property
    def sql(self) -> str:
        """The whole condition."""
        return " AND ".join(self.parts) or "TRUE"


def tables(condition: str) -> str:
    """Return the requests with the tables that a condition names, and no others."""
    named = [REQUESTS]
    if "v." in condition or "w." in condition:
        named.append(OPEN_VISITS)
    if "w." in condition:
        named.append(ASSIGNMENTS)
    if "a." in condition:
        named.append(APPLICANTS)
    return " ".join(named)


def held(actor: Actor, office_id: int) -> Condition:
    """What lies at an office and the actor may see there: for agents those of their sectors."""
    condition = Condition().add("r.office_id = %s", office_id)
    sectors = sectors_at(actor, office_id)
    return condition if sectors is None else condition.add(_OF_SECTORS, sorted(sectors))


def of_tab(actor: Actor, tab: Tab, *, office_id: int, now: datetime) -> Condition:
    """What belongs to a tab among what is held, its states included."""
    condition = Condition().add(in_states(STATES[tab]))
    if tab == Tab.MINE:
        return condition.add("w.user_id = %s", actor.user_id)
    if tab == Tab.ROLE:
        roles = of_my_roles(actor, office_id)
        return condition.add(roles.sql, *roles.values)
    if tab == Tab.OPINIONS:
        return condition.add(ASKED, roles_at(actor, office_id))
    if tab == Tab.LATE:
        return condition.add("r.due_at < %s", now)
    if tab == Tab.TODAY:
        return condition.add("r.due_at >= %s AND r.due_at < %s", now, midnight_after(now))
    if tab == Tab.INCOMPLETE:
        return condition.add("r.due_at IS NULL")
    return condition


def in_states(states: Iterable[State]) -> str:
    """Compare with states by name in the text itself, so that partial indexes are found."""
    names = ", ".join(f"'{state.value}'" for state in sorted(states))
    return f"r.state IN ({names})"


def of_my_roles(actor: Actor, office_id: int) -> Condition:
    """The stages that somebody with these roles is to act in, an agent in the own sectors."""
    seen = sectors_at(actor, office_id)
    sectors: dict[str, set[int | None]] = {}
    for grant in actor.grants:
        if grant.office_id == office_id and grant.role not in PROVINCE_WIDE:
            sectors.setdefault(grant.role.value, set()).add(grant.sector_id)
    either = Condition()
    for role, found in sectors.items():
        if None in found or (seen is not None and found == set(seen)):
            either.add("v.actor_role = %s", role)
        else:
            either.add(f"(v.actor_role = %s AND {_OF_SECTORS})", role, sorted(filter(None, found)))
    return Condition([f"({' OR '.join(either.parts) or 'FALSE'})"], either.values)


def roles_at(actor: Actor, office_id: int) -> list[str]:
    """The roles held at an office."""
    return sorted({grant.role.value for grant in actor.grants if grant.office_id == office_id})


def narrowed(filters: Filters) -> Condition:
    """What the filters leave."""
    condition = Condition()
    if filters.service_id is not None:
        condition.add("r.service_id = %s", filters.service_id)
    if filters.sector_id is not None:
        condition.add(_OF_SECTORS, [filters.sector_id])
    if filters.stage:
        condition.add("v.stage_code = %s", filters.stage)
    if filters.text.strip():
        _add_text(condition, filters.text)
    return condition


def following(after: Position | None) -> Condition:
    """What comes after a position; among those without a limit only the ids have an order."""
    condition = Condition()
    if after is None:
        return condition
    due_at, last_id = after
    if due_at is None:
        return condition.add("r.id > %s", last_id)
    return condition.add("(r.due_at, r.id) > (%s, %s)", due_at, last_id)


def _add_text(condition: Condition, text: str) -> None:
    code = parse_code(text)
    if code is not None:
        condition.add("r.tracking_code = %s", code)
        return
    phone = clean_phone(text, field="text", fields=Fields())
    if phone:
        condition.add("a.phone_hash = %s", hashed(phone))
        return
    likened = normalise(text).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    condition.add("a.name_search LIKE %s", f"%{likened}%")
