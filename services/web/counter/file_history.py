"""What has happened to a file and what is ahead: stages, events, who moved it last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from owso.accounts.permissions import Role
from owso.formats import local_datetime, name_of
from services.catalogue.queries import terms as terms_of
from services.offices.queries import office
from services.requests.events import told_kind
from services.requests.models import ServiceRequest, StageVisit
from services.requests.queries import events_of, visits_of
from services.requests.states import STEPS
from services.web.counter.file_days import day_rows


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage of the plan, or one visit of it."""

    kind: str
    name: str
    role: str
    when: str
    who: str


def history_of(found: ServiceRequest, now: datetime, *, has_waited: bool = True) -> dict[str, Any]:
    """The stages, the events (the latest first) and the explanation of the legal limit."""
    events = [
        (told_kind(event), event.occurred_at, name_of(office(event.office_id)), event.amount_riel)
        for event in events_of(found)
    ]
    is_open = found.state in STEPS["pay"].begins
    days = day_rows(found, now, has_waited=has_waited) if is_open else ""
    return {"stages": _stages(found), "events": events[::-1], "days": days}


def last_move(found: ServiceRequest) -> str:
    """Who moved the request last, and when."""
    visit = (
        found.visits.filter(left_at__isnull=False)
        .select_related("handled_by")
        .order_by("-sequence")
        .first()
    )
    if visit is None or visit.left_at is None or visit.handled_by is None:
        return ""
    words = {"who": person(visit.handled_by), "when": local_datetime(visit.left_at)}
    return _("%(who)s moved it on %(when)s.") % words


def role_name(role: str) -> str:
    """What a role is called."""
    return str(Role(role).label) if role in Role.values else role


def person(user: Any) -> str:
    """What a member of staff is called; the system has no name."""
    return "" if user is None else str(user.full_name_km or user.username)


def _stages(found: ServiceRequest) -> list[StageLine]:
    terms = terms_of(found.service_version_id)
    names = {stage.code: stage.name for stage in terms.stages}
    visits = visits_of(found)
    places = {visit.office_id for visit in visits}
    lines = [_visited(visit, names, is_placed=len(places) > 1) for visit in visits]
    if found.closed_at is None and found.ready_at is None:
        codes = [stage.code for stage in terms.stages]
        here = codes.index(visits[-1].stage_code) if visits else -1
        ahead = terms.stages[here + 1 :]
        lines += [StageLine("", each.name, role_name(each.actor_role), "", "") for each in ahead]
    return lines


def _visited(visit: StageVisit, names: Mapping[str, str], *, is_placed: bool) -> StageLine:
    planned = {"planned": local_datetime(visit.due_at)}
    if visit.left_at is None:
        when = _("since %(since)s · planned by %(planned)s")
        kind, moment = "is-now", {"since": local_datetime(visit.entered_at)}
    else:
        when = _("done %(done)s · planned by %(planned)s")
        kind, moment = "is-done", {"done": local_datetime(visit.left_at)}
    if visit.outcome in {"returned", "forwarded"}:
        kind = "is-back"
        when = str(visit.get_outcome_display()) + " · " + when
    who = str(vars(visit)["handler"])
    if is_placed:
        place = name_of(office(visit.office_id))
        who = f"{place} · {who}" if who else place
    name = names.get(visit.stage_code, visit.stage_code)
    return StageLine(kind, name, role_name(visit.actor_role), when % (planned | moment), who)
