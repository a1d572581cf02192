"""A file as its page shows it: clocks, stages, money, what can be done now by this person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from owso.accounts.permissions import Verb
from owso.errors import DomainError, NotFound
from owso.middleware import status_of
from services.casework.contents import proposed_text
from services.casework.presence import Presence, presence_of
from services.casework.queries import Casework, casework_of
from services.cashier.models import ReversalRequest
from services.cashier.queries import balance_of, rate_on, receipt_lines
from services.cashier.tills import money_of, open_tills
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.desk.queries import unsent_of
from services.offices.queries import office
from services.requests.codes import format_code, parse_code
from services.requests.models import Pause, ServiceRequest
from services.requests.queries import request_by_code
from services.requests.states import CLOCK_RUNS, State
from services.web.access import StaffRequest
from services.web.counter.file_casework import casework_context
from services.web.counter.file_history import history_of, last_move
from services.web.counter.file_steps import hindrance_of, offered, possible_steps, step_form
from services.web.counter.own_till import till_here
from services.web.counter.queue_lines import share_left
from services.web.counter.rows import left_text, tone_of
from services.web.counter.step_forms import StepForm
from services.web.counter.unsent import put_back
from services.web.flash import said
from services.web.marks import mark_text
from services.web.private import applicant_name, masked_phone, opened
from tenants import clock


def seen_request(request: StaffRequest, code: str) -> ServiceRequest:
    """Return the request of a code if this person may see it; raise NotFound otherwise."""
    parsed = parse_code(code)
    if parsed is None:
        raise NotFound
    return opened(request_by_code(request.actor, parsed))


def show_file(
    request: StaffRequest,
    found: ServiceRequest,
    *,
    bound: Mapping[str, StepForm] | None = None,
    trouble: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a file, after a step that failed with what went wrong."""
    now, forms, present = clock.now(), dict(bound or {}), presence_of(found.pk)
    work = casework_of(found, present=present)
    context = _head(request, found, now, present) | _money(request, found, present)
    context |= history_of(found, now, has_waited=present.pauses)
    balance = context["balance"]
    due_riel = None if balance is None else balance.due_riel
    names = possible_steps(request.actor, found, work, due_riel=due_riel)
    kept = unsent_of(request.actor, found.pk) if present.unsent else {}
    steps = offered(names, found, forms, kept)
    for step in steps:
        if step.name == "draft" and step.bound is None:
            step.form.initial.setdefault("body", _draft_text(found, work))
    context |= casework_context(request, found, work, forms, now)
    for opinion in context["opinions"]:
        if opinion.form:
            put_back(opinion.form, kept.get(opinion.key))
    context |= {
        "steps": [step for step in steps if step.name != "note"],
        "note_step": next((step for step in steps if step.name == "note"), None),
        "hindrance": hindrance_of(found, work, due_riel=due_riel),
        "wrong": next((form for form in forms.values() if form.errors), None),
        "trouble": trouble,
        "moved": last_move(found) if trouble else "",
        "said": said(request),
        "may_have_documents": present.documents,
    }
    return render(
        request, "counter/file.html", context, status=status_of(trouble) if trouble else status
    )


def _head(
    request: StaffRequest, found: ServiceRequest, now: datetime, present: Presence
) -> dict[str, Any]:
    terms, visit = terms_of(found.service_version_id), found.current_visit
    is_running = found.state in CLOCK_RUNS
    is_here = request.actor.may(Verb.VIEW_REQUEST, office_id=found.office_id)
    stage = next((each for each in terms.stages if visit and each.code == visit.stage_code), None)
    return {
        "office": request.desk,
        "place": office(found.office_id),
        "is_elsewhere": not is_here,
        "found": found,
        "code": format_code(found.tracking_code),
        "terms": terms,
        "state": State(found.state).label,
        "tone": tone_of(found.state, found.due_at, now),
        "left": left_text(found.due_at, now) if is_running else "",
        "share": share_left(found.registered_at, found.due_at, now),
        "stage": "" if stage is None else stage.name,
        "visit": visit,
        "stage_tone": tone_of(found.state, visit.due_at, now) if visit else "",
        "stage_left": left_text(visit.due_at, now) if visit and is_running else "",
        "pause": _open_pause(found),
        "applicant": applicant_name(found),
        "phone": masked_phone(found),
        "limit_mark": mark_text(terms, "limit"),
        "fee_mark": mark_text(terms, "fee"),
        "papers": _papers(found, terms) if present.papers else [],
    }


def _draft_text(found: ServiceRequest, work: Casework) -> str:
    if work.draft is not None:
        return work.draft.body
    return proposed_text(found, terms_of(found.service_version_id))


def _open_pause(found: ServiceRequest) -> Pause | None:
    if found.state != State.WAITING:
        return None
    return Pause.objects.filter(request=found, ended_at__isnull=True).first()


def _papers(found: ServiceRequest, terms: VersionTerms) -> list[tuple[str, bool]]:
    checked = dict(found.papers.values_list("document_id", "is_handed_in"))
    return [
        (document.name, checked[document.id])
        for document in terms.documents
        if document.id in checked
    ]


def _money(request: StaffRequest, found: ServiceRequest, present: Presence) -> dict[str, Any]:
    actor, office_id = request.actor, found.office_id
    asked = _asked_reversals(found) if present.reversals else []
    receipts = receipt_lines(found.pk) if present.receipts else ()
    may_take = actor.may(Verb.TAKE_PAYMENT, office_id=office_id)
    may_ask = actor.may(Verb.REQUEST_REVERSAL, office_id=office_id) and not asked
    balance = balance_of(found.pk)
    is_due = balance is None or balance.due_riel > 0
    shows_khqr = may_take and is_due and bool(money_of(office_id).khqr_account)
    return {
        "balance": balance,
        "mine": till_here(request) if is_due else None,
        "rate": rate_on(clock.today()) if shows_khqr else None,
        "receipts": [
            (each, step_form("reversal", found) if may_ask and not each.is_reversed else None)
            for each in receipts
        ],
        "asked": asked,
        "shows_khqr": shows_khqr,
        "tills": list(open_tills(office_id, clock.today())) if asked else [],
        "may_approve_reversal": actor.may(Verb.APPROVE_REVERSAL, office_id=office_id),
    }


def _asked_reversals(found: ServiceRequest) -> list[ReversalRequest]:
    asked = ReversalRequest.objects.filter(
        payment__charge__request_id=found.pk, decision=ReversalRequest.Decision.OPEN
    )
    return list(asked.select_related("requested_by", "payment"))
