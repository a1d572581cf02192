"""A cashier's own till: open it, count it, explain a difference, print the Z-report."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.errors import Conflict, NotFound
from services.cashier.actions import count_till, explain_difference, open_till
from services.cashier.models import TillSession, TillState
from services.cashier.tills import free_counters, own_tills, till_in_hand, till_seen_by
from services.offices.models import Counter
from services.web.access import StaffRequest, needs
from services.web.flash import say
from services.web.till.answering import show, took
from services.web.till.counting import show_count, sum_only
from services.web.till.forms import CountForm, OpenForm, ReasonForm
from services.web.till.reporting import report_response
from services.web.till.rows import lines_of
from tenants import clock

SHOWN = 10


@needs(Verb.TAKE_PAYMENT)
@require_safe
def my_till(request: StaffRequest) -> HttpResponse:
    """Show the till of this person and what comes next; never what it should hold."""
    return _page(request)


@needs(Verb.TAKE_PAYMENT)
@require_POST
def open_mine(request: StaffRequest) -> HttpResponse:
    """Open a till with what lies in the drawer."""
    form = OpenForm(request.POST, counters=Counter.objects.filter(office_id=request.desk.id))

    def act(data: Mapping[str, Any]) -> str:
        open_till(
            request.desk.id,
            int(data["counter"]),
            float_riel=data["float_riel"] or 0,
            float_cents=data["float_cents"] or 0,
            by=request.actor,
        )
        return _("The till is open.")

    try:
        return took(request, form, act, to="my_till") or _page(request, form=form)
    except Conflict as error:
        return _page(request, form=form, trouble=error)


@needs(Verb.TAKE_PAYMENT)
@require_http_methods(["GET", "POST"])
def count_mine(request: StaffRequest) -> HttpResponse:
    """Count the own drawer, blind."""
    till = _in_hand(request)
    if till.state == TillState.COUNTED:
        return redirect("my_till")
    form = CountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and sum_only(request):
        return show_count(request, till, form)
    if form.is_valid():
        till = count_till(till.pk, form.drawer, by=request.actor)
        is_exact = till.state == TillState.CLOSED
        say(request, _("The count is exact. The till is closed.") if is_exact else "")
        return redirect("my_till")
    return show_count(request, till, form)


@needs(Verb.TAKE_PAYMENT)
@require_POST
def explain_mine(request: StaffRequest) -> HttpResponse:
    """Say why the count differs."""
    form = ReasonForm(request.POST)

    def act(data: Mapping[str, Any]) -> str:
        explain_difference(_in_hand(request).pk, data["reason"], by=request.actor)
        return _("The chief has to approve the difference. You may open a new till.")

    return took(request, form, act, to="my_till") or _page(request, reason=form)


@needs(Verb.TAKE_PAYMENT)
@require_safe
def my_report(request: StaffRequest, till_id: int) -> HttpResponse:
    """Print the Z-report of an own closed till."""
    till = till_seen_by(request.actor, till_id)
    if till.cashier_id != request.actor.user_id or till.state != TillState.CLOSED:
        raise NotFound
    return report_response(request, till)


def _in_hand(request: StaffRequest) -> TillSession:
    till = till_in_hand(request.actor.user_id)
    if till is None:
        raise Conflict("no_till", _("You have no open till. Open one first."))
    return till


def _page(
    request: StaffRequest,
    *,
    form: OpenForm | None = None,
    reason: ReasonForm | None = None,
    trouble: Conflict | None = None,
) -> HttpResponse:
    till = till_in_hand(request.actor.user_id)
    context = {
        "till": till,
        "is_late": till is not None and till.opened_on < clock.today(),
        "form": form or (None if till else _blank_form(request)),
        "reason": reason or ReasonForm(),
        "lines": lines_of(own_tills(request.actor, limit=SHOWN)),
        "here": "till",
    }
    return show(request, "till/mine.html", context, sent=form or reason, trouble=trouble)


def _blank_form(request: StaffRequest) -> OpenForm:
    """The form with the first free counter chosen."""
    free = free_counters(request.desk.id).first()
    counters = Counter.objects.filter(office_id=request.desk.id)
    return OpenForm(counters=counters, chosen=None if free is None else free.pk)
