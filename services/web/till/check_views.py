"""The chief's view of tills: what is open, what differs, what was left overnight."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.cashier.actions import (
    approve_difference,
    count_till,
    explain_difference,
    order_recount,
    settle_open_item,
)
from services.cashier.models import OpenItem, TillSession, TillState
from services.cashier.tills import (
    closed_tills,
    figures_of,
    open_items,
    till_seen_by,
    unfinished,
)
from services.requests.codes import format_code
from services.web.access import StaffRequest, needs
from services.web.flash import said, say
from services.web.till.counting import show_count, sum_only
from services.web.till.forms import CountForm, ReasonForm, SettleForm
from services.web.till.reporting import report_of, report_response
from services.web.till.rows import booked_text, line_of, lines_of

SHOWN = 20


@needs(Verb.CHECK_TILL)
@require_safe
def tills(request: StaffRequest) -> HttpResponse:
    """List the tills of this office: what waits and what is open first, then the closed ones."""
    return _list(request)


@needs(Verb.CHECK_TILL)
@require_POST
def settle(request: StaffRequest, item_id: int) -> HttpResponse:
    """Write down what was done about money by phone that was left over."""
    form = SettleForm(request.POST, item_id=item_id)
    if not form.is_valid():
        return _list(request, wrong=form)
    settle_open_item(item_id, form.cleaned_data["note"], by=request.actor)
    say(request, _("It is settled and off the list."))
    return redirect("tills")


def _list(request: StaffRequest, *, wrong: SettleForm | None = None) -> HttpResponse:
    items = open_items(request.desk.id)[:SHOWN]
    context = {
        "unfinished": lines_of(unfinished(request.desk.id)),
        "closed": lines_of(closed_tills(request.desk.id, limit=SHOWN)),
        "items": [_item_line(item, wrong) for item in items],
        "wrong": wrong,
        "may_set_account": request.actor.may(Verb.MANAGE_OFFICES, office_id=request.desk.id),
        "said": said(request),
        "office": request.desk,
        "here": "tills",
    }
    return render(request, "till/tills.html", context, status=422 if wrong else 200)


def _item_line(item: OpenItem, wrong: SettleForm | None) -> tuple[str, OpenItem, str, SettleForm]:
    code = format_code(item.order.charge.request.tracking_code)
    is_wrong = wrong is not None and wrong.item_id == item.pk
    form = wrong if wrong is not None and is_wrong else SettleForm(item_id=item.pk)
    return code, item, booked_text(item), form


@needs(Verb.CHECK_TILL)
@require_safe
def till(request: StaffRequest, till_id: int) -> HttpResponse:
    """Show one till with its figures as they are now: the X-report on the screen."""
    return _page(request, _checked(request, till_id))


@needs(Verb.CHECK_TILL)
@require_safe
def report(request: StaffRequest, till_id: int) -> HttpResponse:
    """Print the Z-report of a closed till, or the X-report of one that is not."""
    return report_response(request, _checked(request, till_id))


@needs(Verb.CHECK_TILL)
@require_http_methods(["GET", "POST"])
def count(request: StaffRequest, till_id: int) -> HttpResponse:
    """Count a till that its cashier left behind."""
    found = _checked(request, till_id)
    form = CountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not sum_only(request) and form.is_valid():
        count_till(found.pk, form.drawer, by=request.actor)
        say(request, _("The till is counted."))
        return redirect("till", till_id=till_id)
    return show_count(request, found, form, is_own=False)


@needs(Verb.CHECK_TILL)
@require_POST
def explain(request: StaffRequest, till_id: int) -> HttpResponse:
    """Give the reason for the difference of a till counted for somebody else."""
    found, form = _checked(request, till_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, reason=form)
    explain_difference(till_id, form.cleaned_data["reason"], by=request.actor)
    say(request, _("A second person must approve the difference."))
    return redirect("till", till_id=till_id)


@needs(Verb.CHECK_TILL)
@require_POST
def decide(request: StaffRequest, till_id: int) -> HttpResponse:
    """Approve a difference, or have the till counted again."""
    _checked(request, till_id)
    if request.POST.get("decision") == "approve":
        approve_difference(till_id, by=request.actor)
        say(request, _("The difference is approved. The till is closed."))
    else:
        order_recount(till_id, by=request.actor)
        say(request, _("The till must be counted again."))
    return redirect("till", till_id=till_id)


def _checked(request: StaffRequest, till_id: int) -> TillSession:
    found = till_seen_by(request.actor, till_id)
    if not request.actor.may(Verb.CHECK_TILL, office_id=found.office_id):
        raise NotFound
    return found


def _page(
    request: StaffRequest, found: TillSession, *, reason: ReasonForm | None = None
) -> HttpResponse:
    involved = {found.cashier_id, found.counted_by_id}
    user_id = request.actor.user_id
    context = {
        "till": found,
        "line": line_of(found),
        "figures": figures_of(found),
        "report": report_of(found),
        "counts": found.counts.select_related("counted_by"),
        "may_count": found.state in {TillState.OPEN, TillState.RECOUNT},
        "may_explain": found.state == TillState.COUNTED and user_id in involved,
        "may_decide": found.state == TillState.WAITING and user_id not in involved,
        "needs_another": found.state == TillState.WAITING and user_id in involved,
        "reason": reason or ReasonForm(),
        "wrong": reason if reason is not None and reason.errors else None,
        "said": said(request),
        "office": request.desk,
        "here": "tills",
    }
    return render(request, "till/till.html", context, status=422 if context["wrong"] else 200)
