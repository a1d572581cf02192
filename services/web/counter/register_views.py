"""Registering a request: choose the service, fill in one form, register and take the fee."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from owso.accounts.permissions import Verb
from owso.errors import Conflict, Invalid
from owso.formats import riel
from services.catalogue.queries import published_version
from services.catalogue.terms import VersionTerms
from services.desk.actions import Registered, discard_draft, register_at_desk
from services.desk.applicants import chosen_applicant
from services.desk.queries import draft_content, registered_under
from services.offices.queries import check_offered
from services.requests.codes import format_code
from services.web.access import StaffRequest, needs
from services.web.counter.fields import add_domain_errors
from services.web.counter.paying import BY_PHONE, to_code, ways_at
from services.web.counter.register_form import DIMENSION, DOMAIN_NAMES, RegisterForm
from services.web.counter.register_page import Page, show_desk, show_quote, show_register
from services.web.counter.register_typed import Content, content_of, keep, last, restored
from services.web.flash import say
from tenants import clock

# Steps that look at a form without judging it.
LOOKING = ("service", "find")


@needs(Verb.REGISTER)
@require_http_methods(["GET", "POST"])
def register(request: StaffRequest) -> HttpResponse:
    """Show the form of a service, calculate its fee, or register and go to what to print."""
    if request.method == "GET" and (key := request.GET.get("draft")):
        return _reopened(request, key)
    typed = request.POST if request.method == "POST" else request.GET
    code = typed.get("service", "").replace("\x00", "?")[:40]
    if not code:
        return show_register(request, None, Page())
    try:
        terms = published_version(code, on=clock.today())
        check_offered(request.desk.id, terms.service_id)
    except Invalid as error:
        return show_register(request, None, Page(422, str(error.message)))
    if request.method == "GET":
        return show_register(request, _form(request, terms), Page(finds=False))
    return _sent(request, terms)


@needs(Verb.REGISTER)
@require_POST
def discard(request: StaffRequest, key: UUID) -> HttpResponse:
    """Throw a draft of one's own away."""
    discard_draft(key, by=request.actor, office_id=request.desk.id)
    say(request, _("The draft was thrown away."))
    return redirect("register")


def _sent(request: StaffRequest, terms: VersionTerms) -> HttpResponse:
    step = request.POST.get("step", "")
    is_part = bool(request.headers.get("HX-Request"))
    if step in LOOKING:
        form = _form(request, terms, content=content_of(request.POST))
        return show_desk(request, form) if is_part else show_register(request, form, Page())
    form = _form(request, terms, is_bound=True)
    if step != "quote":
        return _registered(request, form)
    is_saved = keep(request)
    if is_part:
        return show_quote(request, form, is_saved=is_saved)
    return show_register(request, form, Page())


def _reopened(request: StaffRequest, typed_key: str) -> HttpResponse:
    """Open a draft again; one that was registered after all leads to its request."""
    try:
        key = UUID(typed_key)
    except ValueError:
        return redirect("register")
    made = registered_under(request.actor, key)
    if made is not None:
        return redirect("registered", code=format_code(made.tracking_code))
    content = draft_content(request.actor, key, office_id=request.desk.id)
    try:
        code = last(content.get("service", []))
        terms = published_version(code, on=clock.today())
    except Invalid as error:
        return show_register(request, None, Page(422, str(error.message)))
    return show_register(request, _form(request, terms, content=content), Page())


def _form(
    request: StaffRequest,
    terms: VersionTerms,
    *,
    content: Content | None = None,
    is_bound: bool = False,
) -> RegisterForm:
    scope = {"office_id": request.desk.id, "sector_id": terms.sector_id}
    return RegisterForm(
        request.POST if is_bound else None,
        terms=terms,
        ways=ways_at(request.desk.id) if request.actor.may(Verb.TAKE_PAYMENT, **scope) else None,
        initial=restored(content or {}),
    )


def _registered(request: StaffRequest, form: RegisterForm) -> HttpResponse:
    if form.is_valid():
        try:
            return _done(request, form, _made(request, form))
        except Invalid as error:
            add_domain_errors(form, error, _names(form.terms))
        except Conflict as error:
            return _again(request, form, error)
    return show_register(request, form, Page(422))


def _made(request: StaffRequest, form: RegisterForm) -> Registered:
    data = form.cleaned_data
    choice = data["applicant"]
    applicant_id = chosen_applicant(request.actor, choice) if choice else None
    return register_at_desk(
        form.intake(request.desk.id, applicant_id=applicant_id),
        form.tender(),
        by=request.actor,
        charged_riel=data.get("charged"),
        wants_notices=data["wants_notices"],
    )


def _names(terms: VersionTerms) -> dict[str, str]:
    dimensions = {each.code: DIMENSION + each.code for each in terms.fee.dimensions}
    return {**DOMAIN_NAMES, **dimensions}


def _again(request: StaffRequest, form: RegisterForm, error: Conflict) -> HttpResponse:
    """Say what this very form became already, with the way to it."""
    made = registered_under(request.actor, form.cleaned_data["key"])
    extra = {} if made is None else {"made": format_code(made.tracking_code)}
    return show_register(request, form, Page(409, str(error.message), extra=extra))


def _done(request: StaffRequest, form: RegisterForm, made: Registered) -> HttpResponse:
    way = form.cleaned_data.get("way", "")
    if way in BY_PHONE and form.cleaned_data["is_complete"]:
        return to_code(request, made.request, way)
    if made.change_riel:
        say(
            request,
            _("Registered. Change to give: %(change)s") % {"change": riel(made.change_riel)},
        )
    else:
        say(request, _("Registered."))
    return redirect("registered", code=format_code(made.request.tracking_code))
