"""Legalising many copies: one screen, one payment, one receipt, and the next at once."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from owso.accounts.permissions import Verb
from owso.errors import Conflict, Invalid
from services.cashier.queries import balance_of, receipt_number, receipts_of
from services.catalogue.queries import terms as terms_of
from services.desk.actions import register_at_desk
from services.desk.bulk import bulk_prices
from services.desk.models import Paper
from services.desk.queries import draft_content, registered_under
from services.requests.codes import format_code
from services.web.access import StaffRequest, needs
from services.web.counter.copies_form import DOMAIN_NAMES, CopiesForm
from services.web.counter.copies_sum import sum_of
from services.web.counter.fields import add_domain_errors
from services.web.counter.files import seen_request
from services.web.counter.own_till import till_here
from services.web.counter.papers import paper_of
from services.web.counter.paying import BY_PHONE, Ways, to_code, ways_at
from services.web.counter.register_page import COPIES, drafts, services_at
from services.web.counter.register_typed import Content, keep, restored
from services.web.flash import said, say
from tenants import clock

USUAL_KEY = "copies_price"


@needs(Verb.REGISTER)
@require_http_methods(["GET", "POST"])
def copies(request: StaffRequest) -> HttpResponse:
    """Show the quick form, work its sum out, or register, take the fee and offer the next one."""
    if request.method == "GET" and (key := request.GET.get("draft")):
        return _reopened(request, key)
    form = _form(request)
    if request.method == "GET":
        return _page(request, form, done=request.GET.get("done", ""))
    if request.POST.get("step") == "quote":
        return _page(request, form, is_saved=keep(request, COPIES))
    if form.is_valid():
        try:
            return _registered(request, form)
        except Invalid as error:
            add_domain_errors(form, error, DOMAIN_NAMES)
        except Conflict as error:
            return _page(request, form, status=409, problem=str(error.message))
    return _page(request, form, status=422)


def _reopened(request: StaffRequest, typed_key: str) -> HttpResponse:
    """Open a draft again; one that was registered after all leads to what it became."""
    try:
        key = UUID(typed_key)
    except ValueError:
        return redirect("copies")
    made = registered_under(request.actor, key)
    if made is not None:
        return redirect(f"{reverse('copies')}?done={format_code(made.tracking_code)}")
    content = draft_content(request.actor, key, office_id=request.desk.id)
    return _page(request, _form(request, content=content))


def _form(request: StaffRequest, *, content: Content | None = None) -> CopiesForm:
    data = request.POST if request.method == "POST" else None
    return CopiesForm(
        data,
        prices=bulk_prices(services_at(request.desk)),
        ways=_ways(request),
        usual=str(request.session.get(USUAL_KEY, "")),
        initial=restored(content or {}),
    )


def _ways(request: StaffRequest) -> Ways:
    """The ways of the office; no KHQR for somebody who takes no money."""
    ways = ways_at(request.desk.id)
    may_take = request.actor.may(Verb.TAKE_PAYMENT, office_id=request.desk.id)
    return ways if may_take else replace(ways, has_khqr=False)


def _registered(request: StaffRequest, form: CopiesForm) -> HttpResponse:
    price = form.prices[form.cleaned_data["price"]]
    intake = form.intake(request.desk.id, price)
    made = register_at_desk(intake, form.tender(), by=request.actor)
    request.session[USUAL_KEY] = price.code
    if (way := form.cleaned_data["way"]) in BY_PHONE:
        return to_code(request, made.request, way)
    code = format_code(made.request.tracking_code)
    if made.change_riel:
        say(request, str(made.change_riel))
    return redirect(f"{reverse('copies')}?done={code}")


def _page(
    request: StaffRequest,
    form: CopiesForm,
    *,
    status: int = 200,
    problem: str = "",
    done: str = "",
    is_saved: bool = False,
) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "sum": sum_of(form, rate=form.rate),
        "is_saved": is_saved,
        "now": clock.now(),
    }
    if request.headers.get("HX-Request") and request.method == "POST":
        return render(request, "counter/_copies_quote.html", context | {"is_quote": True})
    context |= {
        "office": request.desk,
        "problem": problem,
        "mine": till_here(request),
        "done": _done(request, done) if done else None,
        "papers": Paper.choices,
        "paper": paper_of(request),
        "drafts": [each for each in drafts(request) if each.line.service_code == COPIES],
        "here": "copies",
    }
    return render(request, "counter/copies.html", context, status=status)


def _done(request: StaffRequest, code: str) -> dict[str, object]:
    """What was registered a moment ago, with its receipt and the change to give."""
    found = seen_request(request, code)
    change = said(request)
    return {
        "code": format_code(found.tracking_code),
        "service": terms_of(found.service_version_id).name,
        "quantity": found.quantity,
        "balance": balance_of(found.pk),
        "receipts": [
            receipt_number(row.office.code, row.year, row.number) for row in receipts_of(found.pk)
        ],
        "change_riel": int(change) if change.isdigit() else 0,
    }
