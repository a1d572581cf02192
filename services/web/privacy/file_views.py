"""Data protection on one file: corrections, objections, copies for the person, holds."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.errors import DomainError, Invalid, NotFound
from owso.middleware import status_of
from services.casework.tokens import format_token
from services.catalogue.queries import terms as terms_of
from services.privacy import actions
from services.privacy.actions.copying import Made
from services.privacy.models import Objection
from services.privacy.notice import version_of
from services.privacy.queries import copies_of, corrections_of, holds_of, objections_of
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest, needs
from services.web.counter.fields import add_domain_errors
from services.web.counter.files import seen_request
from services.web.counter.papers import pdf_response
from services.web.flash import said, say
from services.web.privacy.forms import FORMS
from services.web.privacy.lines import correction_lines, hold_lines
from services.web.privacy.printing import pdf_of
from services.web.private import applicant_name, masked_phone

Act = Callable[[ServiceRequest, dict[str, Any]], str | HttpResponse]
DECIDE_ID = "decide-%d-%%s"
RIGHTS = {
    "may_correct": Verb.CORRECT_DATA,
    "may_decide": Verb.DECIDE_OBJECTION,
    "may_copy": Verb.COPY_DATA,
    "may_hold": Verb.HOLD_DATA,
}


@needs(Verb.VIEW_REQUEST)
@require_safe
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show what was corrected, objected to, held and copied, and what can be done."""
    return _page(request, seen_request(request, code))


@needs(Verb.CORRECT_DATA)
@require_POST
def correct(request: StaffRequest, code: str) -> HttpResponse:
    """Correct the name or phone of the applicant."""

    def act(found: ServiceRequest, data: dict[str, Any]) -> str:
        actions.correct_applicant(found.pk, by=request.actor, **data)
        return _("It is corrected. Print the slip again and take the old one back.")

    return _taken(request, code, "correct", act)


@needs(Verb.CORRECT_DATA)
@require_POST
def object_to(request: StaffRequest, code: str) -> HttpResponse:
    """Write an objection down."""

    def act(found: ServiceRequest, data: dict[str, Any]) -> str:
        actions.record_objection(found.pk, by=request.actor, **data)
        return _("The objection is on record and waits for the chief's decision.")

    return _taken(request, code, "object", act)


@needs(Verb.DECIDE_OBJECTION)
@require_POST
def decide(request: StaffRequest, code: str, objection_id: int) -> HttpResponse:
    """Decide an objection."""

    def act(found: ServiceRequest, data: dict[str, Any]) -> str:
        if not Objection.objects.filter(pk=objection_id, request=found).exists():
            raise NotFound
        is_upheld = data["is_upheld"] == "yes"
        reason = data["decision_reason"]
        actions.decide_objection(objection_id, by=request.actor, is_upheld=is_upheld, reason=reason)
        return _("The decision is on record. Tell the person, with the reason.")

    return _taken(request, code, "decide", act, auto_id=DECIDE_ID % objection_id)


@needs(Verb.COPY_DATA)
@require_POST
def copy(request: StaffRequest, code: str) -> HttpResponse:
    """Make a copy of all data about the person; the code is shown this once."""

    def act(found: ServiceRequest, data: dict[str, Any]) -> HttpResponse:
        way = data.pop("way")
        made = actions.give_copy(found.pk, by=request.actor, printed=pdf_of, **data)
        if way == "paper":
            return pdf_response(made.pdf, f"owso-{format_code(found.tracking_code)}-data")
        return _made(request, found, made)

    return _taken(request, code, "copy", act)


@needs(Verb.HOLD_DATA)
@require_POST
def hold(request: StaffRequest, code: str) -> HttpResponse:
    """Place a legal hold."""

    def act(found: ServiceRequest, data: dict[str, Any]) -> str:
        actions.place_hold(
            found.pk,
            by=request.actor,
            reason=data["reason"],
            until=data["until"],
            is_on_person=data["on"] == "person",
        )
        return _("The hold is in force: nothing of it is disposed of.")

    return _taken(request, code, "hold", act)


def _taken(
    request: StaffRequest, code: str, name: str, act: Act, *, auto_id: str = ""
) -> HttpResponse:
    """Do what a form asks; what was refused is said beside its field."""
    found = seen_request(request, code)
    form = FORMS[name](request.POST, auto_id=auto_id or f"{name}-%s")
    if form.is_valid():
        try:
            done = act(found, form.cleaned_data)
        except Invalid as error:
            add_domain_errors(form, error, {})
        except NotFound:
            raise
        except DomainError as error:
            return _page(request, found, trouble=error)
        else:
            if isinstance(done, HttpResponse):
                return done
            say(request, done)
            return redirect("data", code=code)
    return _page(request, found, bound={name: form})


def _page(
    request: StaffRequest,
    found: ServiceRequest,
    *,
    bound: dict[str, forms.Form] | None = None,
    trouble: DomainError | None = None,
) -> HttpResponse:
    scope = {
        "office_id": found.office_id,
        "sector_id": terms_of(found.service_version_id).sector_id,
    }
    wrong = next(iter((bound or {}).values()), None)
    shown = {name: form(auto_id=f"{name}-%s") for name, form in FORMS.items()} | (bound or {})
    context = {
        **{name: request.actor.may(verb, **scope) for name, verb in RIGHTS.items()},
        "code": format_code(found.tracking_code),
        "applicant": applicant_name(found),
        "phone": masked_phone(found),
        "notice": version_of(found),
        "registered": found.registered_at or found.received_at,
        "corrections": correction_lines(corrections_of(found)),
        "objections": [_decidable(each, wrong) for each in objections_of(found)],
        "holds": hold_lines(holds_of(found)),
        "copies": list(copies_of(found)),
        "forms": shown,
        "wrong": wrong,
        "trouble": trouble,
        "said": said(request),
        "office": request.desk,
    }
    status = status_of(trouble) if trouble else 422 if wrong else 200
    return render(request, "privacy/file.html", context, status=status)


def _decidable(objection: Objection, wrong: forms.Form | None) -> tuple[Objection, forms.Form]:
    """An objection and the form that decides it, each with ids of its own."""
    auto_id = DECIDE_ID % objection.pk
    if wrong is not None and wrong.auto_id == auto_id:
        return objection, wrong
    return objection, FORMS["decide"](auto_id=auto_id)


def _made(request: StaffRequest, found: ServiceRequest, made: Made) -> HttpResponse:
    context = {
        "code": format_code(found.tracking_code),
        "copy_code": format_token(made.code),
        "expires": made.copy.expires_at,
        "address": f"{settings.PUBLIC_URL}/privacy/copy",
        "office": request.desk,
    }
    return render(request, "privacy/copy_made.html", context)
