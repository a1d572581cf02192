"""The page of the front desk put together: services, form, slip, earlier applicants, drafts."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from owso.errors import Invalid
from services.cashier.queries import rate_on
from services.catalogue.terms import VersionTerms
from services.desk.applicants import Known, find_applicants, known_applicant
from services.desk.queries import DraftLine, drafts_of, usual_services
from services.offices.queries import OfficeTerms, offered_at
from services.requests.queries import newest
from services.web.access import StaffRequest
from services.web.counter.own_till import till_here
from services.web.counter.quoting import preview
from services.web.counter.register_form import RegisterForm
from services.web.counter.rows import rows_of
from services.web.flash import said
from tenants import clock, sealing

SEARCHED = ("id_number", "phone", "full_name")
TRACE = 16
COPIES = "copies"
"""What a draft of the copies' form has in the place of a service; also the name of that page."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form begun, with the name of its service."""

    line: DraftLine
    service: str
    address: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a page of the desk says besides its form."""

    status: int = 200
    problem: str = ""
    finds: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


def services_at(desk: OfficeTerms) -> tuple[VersionTerms, ...]:
    """The services an office offers today."""
    return offered_at(desk.id, clock.today())


def show_register(request: StaffRequest, form: RegisterForm | None, page: Page) -> HttpResponse:
    """Render the whole page of the desk."""
    context = _desk(request, form, finds=page.finds) | {
        "problem": page.problem,
        "drafts": drafts(request),
        "mine": till_here(request),
        "last": rows_of(newest(request.actor, office_id=request.desk.id, limit=5), now=clock.now()),
        "said": said(request),
        "here": "register",
        **page.extra,
    }
    return render(request, "counter/register.html", context, status=page.status)


def show_desk(request: StaffRequest, form: RegisterForm) -> HttpResponse:
    """Render the part of the page that changes with the service."""
    return render(request, "counter/_desk.html", _desk(request, form, finds=True))


def show_quote(request: StaffRequest, form: RegisterForm, *, is_saved: bool) -> HttpResponse:
    """Render the slip, when the form was saved, and earlier applicants when the search changed."""
    searched = searched_for(form)
    context = _slip(request, form) | {
        "is_saved": is_saved,
        "now": clock.now(),
        "is_quote": True,
        "finds": searched != request.POST.get("known_for", ""),
    }
    if context["finds"] or form.data.get("applicant"):
        context |= _people(request, form)
    return render(request, "counter/_quote.html", context)


def drafts(request: StaffRequest) -> list[Draft]:
    """The forms this person began here, with the names of their services."""
    lines = drafts_of(request.actor, office_id=request.desk.id)
    names = {terms.service_code: terms.name for terms in services_at(request.desk)} if lines else {}
    names[COPIES] = _("Copies to legalise")
    return [
        Draft(
            line,
            names.get(line.service_code, ""),
            f"{reverse(COPIES if line.service_code == COPIES else 'register')}?draft={line.key}",
        )
        for line in lines
    ]


def searched_for(form: RegisterForm) -> str:
    """A trace of what earlier applicants are looked for by; empty when by nothing."""
    words = "~".join(str(form[name].value() or "").strip() for name in SEARCHED)
    return sealing.keyed_hash(words).hex()[:TRACE] if words.strip("~") else ""


def _desk(request: StaffRequest, form: RegisterForm | None, *, finds: bool) -> dict[str, Any]:
    services = services_at(request.desk)
    usual = usual_services(request.desk.id, services)
    context: dict[str, Any] = {
        "form": form,
        "office": request.desk,
        "usual": usual,
        "services": [terms for terms in services if terms not in usual],
    }
    if form is None:
        return context
    people = _people(request, form) if finds else {}
    return context | _slip(request, form) | people


def _slip(request: StaffRequest, form: RegisterForm) -> dict[str, Any]:
    rate = rate_on(clock.today()) if form.ways is None else form.ways.rate
    shown = preview(form, desk=request.desk, rate=rate, now=clock.now())
    return {"form": form, "preview": shown, "rate": rate}


def _people(request: StaffRequest, form: RegisterForm) -> dict[str, Any]:
    """Earlier applicants like the one being entered; the one chosen stays among them."""
    number, phone, name = (str(form[name].value() or "")[:200] for name in SEARCHED)
    known = find_applicants(
        request.actor, office_id=request.desk.id, name=name, phone=phone, id_number=number
    )
    chosen = _chosen(request, form)
    if chosen is not None:
        known = (chosen, *(each for each in known if each.id != chosen.id))
    return {"known": known, "chosen": chosen, "known_for": searched_for(form)}


def _chosen(request: StaffRequest, form: RegisterForm) -> Known | None:
    choice = str(form["applicant"].value() or "")
    if not choice:
        return None
    try:
        return known_applicant(request.actor, choice)
    except Invalid:
        return None
