"""A file as its page shows it: clocks, stages, money, what can be done now by this person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from owso.accounts.permissions import Role, Verb
from owso.errors import DomainError, NotFound
from owso.formats import local_datetime, name_of
from owso.middleware import status_of
from services.cashier.models import Receipt, ReversalRequest
from services.cashier.queries import balance_of, rate_on, receipt_number, receipts_of
from services.cashier.tills import money_of, open_tills
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.offices.queries import office, offices
from services.requests.codes import format_code, parse_code
from services.requests.models import ServiceRequest, StageVisit
from services.requests.queries import events_of, explain_deadline, request_by_code
from services.requests.states import STEPS, State
from services.web.access import StaffRequest
from services.web.counter.rows import left_text, tone_of
from services.web.counter.step_forms import FORMS, ForwardForm, StepForm
from services.web.explaining import told
from services.web.flash import said
from services.web.marks import mark_text
from services.web.private import applicant_name, masked_phone, opened
from tenants import clock

NAMES = (
    "complete",
    "pay",
    "advance",
    "resume",
    "deliver",
    "pause",
    "forward",
    "reject",
    "withdraw",
)


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage of the plan, or one visit of it."""

    kind: str
    name: str
    role: str
    when: str
    who: str


def seen_request(request: StaffRequest, code: str) -> ServiceRequest:
    """Return the request of a code if this person may see it; raise NotFound otherwise."""
    parsed = parse_code(code)
    if parsed is None:
        raise NotFound
    return opened(request_by_code(request.actor, parsed))


def step_form(name: str, found: ServiceRequest, data: Any = None) -> StepForm:
    """Build the form of a step for a request."""
    form = FORMS[name](data, found=found, terms=terms_of(found.service_version_id), step=name)
    if isinstance(form, ForwardForm):
        form.offer(offices(), name_of)
    return form


def possible_steps(request: StaffRequest, found: ServiceRequest) -> list[str]:
    """Name the steps this person may take with the request as it stands."""
    terms, actor = terms_of(found.service_version_id), request.actor
    scope = {"office_id": found.office_id, "sector_id": terms.sector_id}
    state = State(found.state)
    names = [
        name
        for name in NAMES
        if state in STEPS[name].begins and actor.may(STEPS[name].verb, **scope)
    ]
    visit = found.current_visit
    if "advance" in names and not (visit and actor.holds(visit.actor_role, **scope)):
        names.remove("advance")
    return names


def show_file(
    request: StaffRequest,
    found: ServiceRequest,
    *,
    bound: Mapping[str, StepForm] | None = None,
    trouble: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a file, after a step that failed with what went wrong."""
    now = clock.now()
    context = _head(request, found, now) | _money(request, found) | _history(found, now)
    names = possible_steps(request, found)
    if context["balance"] is not None and context["balance"].due_riel <= 0 and "pay" in names:
        names.remove("pay")
    forms = {name: step_form(name, found) for name in names} | dict(bound or {})
    context |= {
        "steps": list(forms.items()),
        "wrong": next((form for form in (bound or {}).values() if form.errors), None),
        "trouble": trouble,
        "moved": _last_move(found) if trouble else "",
        "said": said(request),
    }
    return render(
        request, "counter/file.html", context, status=status_of(trouble) if trouble else status
    )


def _head(request: StaffRequest, found: ServiceRequest, now: datetime) -> dict[str, Any]:
    terms = terms_of(found.service_version_id)
    return {
        "office": request.desk,
        "place": office(found.office_id),
        "found": found,
        "code": format_code(found.tracking_code),
        "terms": terms,
        "state": State(found.state).label,
        "tone": tone_of(found.state, found.due_at, now),
        "left": left_text(found.due_at, now) if found.state in STEPS["forward"].begins else "",
        "applicant": applicant_name(found),
        "phone": masked_phone(found),
        "limit_mark": mark_text(terms, "limit"),
        "fee_mark": mark_text(terms, "fee"),
        "papers": _papers(found, terms),
    }


def _papers(found: ServiceRequest, terms: VersionTerms) -> list[tuple[str, bool]]:
    checked = dict(found.papers.values_list("document_id", "is_handed_in"))
    return [
        (document.name, checked[document.id])
        for document in terms.documents
        if document.id in checked
    ]


def _money(request: StaffRequest, found: ServiceRequest) -> dict[str, Any]:
    scope = {"office_id": found.office_id}
    asked = ReversalRequest.objects.filter(
        payment__charge__request_id=found.pk, decision=ReversalRequest.Decision.OPEN
    ).select_related("requested_by", "payment")
    return {
        "balance": balance_of(found.pk),
        "rate": rate_on(clock.today()),
        "receipts": [
            (_receipt_number(receipt), receipt, step_form("reversal", found))
            for receipt in receipts_of(found.pk)
        ],
        "asked": list(asked),
        "shows_khqr": bool(money_of(found.office_id).khqr_account)
        and request.actor.may(Verb.TAKE_PAYMENT, **scope),
        "tills": list(open_tills(found.office_id, clock.today())) if asked else [],
        "may_ask_reversal": request.actor.may(Verb.REQUEST_REVERSAL, **scope),
        "may_approve_reversal": request.actor.may(Verb.APPROVE_REVERSAL, **scope),
    }


def _receipt_number(receipt: Receipt) -> str:
    return receipt_number(receipt.office.code, receipt.year, receipt.number)


def _history(found: ServiceRequest, now: datetime) -> dict[str, Any]:
    events = [
        (event.get_kind_display(), event.occurred_at, name_of(event.office), event.amount_riel)
        for event in events_of(found)
    ]
    is_open = found.state in STEPS["pay"].begins
    return {
        "stages": _stages(found),
        "events": events[::-1],
        "days": told(explain_deadline(found, now=now)) if is_open else (),
    }


def _stages(found: ServiceRequest) -> list[StageLine]:
    terms = terms_of(found.service_version_id)
    names = {stage.code: stage.name for stage in terms.stages}
    visits = list(found.visits.select_related("handled_by").order_by("sequence"))
    lines = [_visited(visit, names) for visit in visits]
    been = {visit.stage_code for visit in visits}
    ahead = (stage for stage in terms.stages if stage.code not in been)
    if found.closed_at is None and found.ready_at is None:
        lines += [StageLine("", each.name, _role(each.actor_role), "", "") for each in ahead]
    return lines


def _visited(visit: StageVisit, names: Mapping[str, str]) -> StageLine:
    planned = {"planned": local_datetime(visit.due_at)}
    if visit.left_at is None:
        when = _("since %(since)s · planned by %(planned)s")
        kind, moment = "is-now", {"since": local_datetime(visit.entered_at)}
    else:
        when = _("done %(done)s · planned by %(planned)s")
        kind, moment = "is-done", {"done": local_datetime(visit.left_at)}
    who = _person(visit.handled_by) if visit.handled_by else ""
    name = names.get(visit.stage_code, visit.stage_code)
    return StageLine(kind, name, _role(visit.actor_role), when % (planned | moment), who)


def _role(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role


def _person(user: Any) -> str:
    return str(user.full_name_km or user.username)


def _last_move(found: ServiceRequest) -> str:
    """Who moved the request last, and when."""
    visit = (
        found.visits.filter(left_at__isnull=False)
        .select_related("handled_by")
        .order_by("-sequence")
        .first()
    )
    if visit is None or visit.left_at is None or visit.handled_by is None:
        return ""
    words = {"who": _person(visit.handled_by), "when": local_datetime(visit.left_at)}
    return _("%(who)s moved it on %(when)s.") % words
