"""Registering a request: choose the service, fill in one form, register and take the fee."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from owso.accounts.permissions import Verb
from owso.errors import Invalid
from owso.formats import riel
from services.cashier.queries import rate_on
from services.catalogue.queries import published_version
from services.catalogue.terms import VersionTerms
from services.counter import register_and_charge, register_and_pay
from services.offices.queries import check_offered, offered_at
from services.requests.actions import register_request
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.requests.queries import newest
from services.web.access import StaffRequest, needs
from services.web.counter.fields import add_domain_errors
from services.web.counter.quoting import preview
from services.web.counter.register_form import DIMENSION, DOMAIN_NAMES, RegisterForm
from services.web.counter.rows import rows_of
from services.web.flash import say
from tenants import clock


@needs(Verb.REGISTER)
@require_http_methods(["GET", "POST"])
def register(request: StaffRequest) -> HttpResponse:
    """Show the form of a service, calculate its fee, or register and go to the request."""
    code = (
        (request.POST if request.method == "POST" else request.GET)
        .get("service", "")
        .replace("\x00", "?")
    )
    today = clock.today()
    services = offered_at(request.desk.id, today)
    if not code:
        return _page(request, None, services=services)
    try:
        terms = published_version(code[:40], on=today)
        check_offered(request.desk.id, terms.service_id)
    except Invalid as error:
        return _page(request, None, services=services, problem=str(error.message), status=422)
    form = _form(request, terms)
    if request.method == "GET" or request.POST.get("step") == "quote":
        return _page(request, form, services=services)
    if form.is_valid():
        try:
            return _registered(request, form)
        except Invalid as error:
            add_domain_errors(form, error, _names(terms))
    return _page(request, form, services=services, status=422)


def _form(request: StaffRequest, terms: VersionTerms) -> RegisterForm:
    scope = {"office_id": request.desk.id, "sector_id": terms.sector_id}
    may_pay = request.actor.may(Verb.TAKE_PAYMENT, **scope)
    data = request.POST if request.method == "POST" else None
    return RegisterForm(data, terms=terms, may_pay=may_pay)


def _names(terms: VersionTerms) -> dict[str, str]:
    dimensions = {each.code: DIMENSION + each.code for each in terms.fee.dimensions}
    return {**DOMAIN_NAMES, **dimensions}


def _registered(request: StaffRequest, form: RegisterForm) -> HttpResponse:
    intake, tender = form.intake(request.desk.id), form.tender()
    charged_riel = form.cleaned_data.get("charged")
    if not intake.is_complete:
        made = register_request(intake, by=request.actor)
        return _done(request, made, _("Registered. Papers are missing; the clock stands still."))
    if tender is None:
        made = register_and_charge(intake, by=request.actor, charged_riel=charged_riel).request
        return _done(request, made, _("Registered. The fee is still to be paid."))
    done = register_and_pay(intake, tender, by=request.actor, charged_riel=charged_riel)
    text = _("Registered. Change to give: %(change)s") % {"change": riel(done.change_riel)}
    return _done(request, done.request, text if done.change_riel else _("Registered."))


def _done(request: HttpRequest, made: ServiceRequest, text: str) -> HttpResponse:
    say(request, text)
    return redirect("request", code=format_code(made.tracking_code))


def _page(
    request: StaffRequest,
    form: RegisterForm | None,
    *,
    services: object,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    rate = rate_on(clock.today())
    shown = None if form is None else preview(form, desk=request.desk, rate=rate, now=clock.now())
    context: dict[str, object] = {
        "form": form,
        "preview": shown,
        "rate": rate,
        "office": request.desk,
    }
    if request.headers.get("HX-Request") and request.method == "POST":
        return render(request, "counter/_preview.html", context)
    context |= {
        "services": services,
        "problem": problem,
        "last": _last(request),
        "here": "register",
    }
    return render(request, "counter/register.html", context, status=status)


def _last(request: StaffRequest) -> object:
    return rows_of(newest(request.actor, office_id=request.desk.id, limit=5), now=clock.now())
