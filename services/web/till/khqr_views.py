"""KHQR at the counter: the code on the screen and on paper, asking the bank, the account."""

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.errors import Conflict, Invalid, Unavailable
from services.cashier.actions import charge_request, check_khqr, set_khqr_account, show_khqr
from services.cashier.models import Currency, KhqrOrder, KhqrState
from services.cashier.tills import khqr_order_seen_by, money_of, open_items_of
from services.requests.codes import format_code
from services.web.access import StaffRequest, needs
from services.web.counter.fields import add_domain_errors
from services.web.counter.files import seen_request
from services.web.flash import said, say
from services.web.till.forms import AccountForm
from services.web.till.khqr_paper import khqr_pdf
from services.web.till.reporting import office_name
from services.web.till.rows import asked_text, booked_text

QR_SCALE = 6


@needs(Verb.TAKE_PAYMENT)
@require_POST
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Make the code of what is due of a request, or find the one that is still valid."""
    found = seen_request(request, code)
    charge = charge_request(found.pk, by=request.actor)
    currency = Currency.USD if request.POST.get("currency") == Currency.USD else Currency.KHR
    try:
        order = show_khqr(charge.pk, by=request.actor, currency=currency)
    except Invalid as error:
        raise Conflict(error.code, next(iter(error.fields.values()), error.message)) from error
    return redirect("khqr", order_id=order.pk)


@needs(Verb.TAKE_PAYMENT)
@require_safe
def khqr(request: StaffRequest, order_id: int) -> HttpResponse:
    """Show a code to the citizen, and what the bank said last."""
    return _page(request, khqr_order_seen_by(request.actor, order_id))


@needs(Verb.TAKE_PAYMENT)
@require_POST
def check(request: StaffRequest, order_id: int) -> HttpResponse:
    """Ask the bank now; the page itself does so every few seconds."""
    trouble = ""
    try:
        check_khqr(order_id, by=request.actor)
    except Unavailable as silence:
        trouble = str(silence.message)
    order = khqr_order_seen_by(request.actor, order_id)
    if request.headers.get("HX-Request"):
        return render(request, "till/_khqr_state.html", _context(order, trouble))
    return _page(request, order, trouble=trouble)


@needs(Verb.TAKE_PAYMENT)
@require_safe
def paper(request: StaffRequest, order_id: int) -> HttpResponse:
    """Print the code on an 80 mm roll."""
    order = khqr_order_seen_by(request.actor, order_id)
    made = khqr_pdf(
        order.payload,
        office=office_name(order.office_id),
        amount=asked_text(order),
        bill=order.bill_number,
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="khqr-{order.bill_number}.pdf"'
    return response


@needs(Verb.MANAGE_OFFICES)
@require_http_methods(["GET", "POST"])
def account(request: StaffRequest) -> HttpResponse:
    """Set the account to which this office's payments by phone go."""
    money = money_of(request.desk.id)
    names = list(AccountForm.base_fields)
    data = request.POST if request.method == "POST" else None
    form = AccountForm(data, initial={name: getattr(money, name) for name in names})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            set_khqr_account(
                request.desk.id,
                account=typed["khqr_account"],
                name=typed["khqr_name"],
                merchant_id=typed["khqr_merchant_id"],
                bank_name=typed["khqr_bank"],
                by=request.actor,
            )
            say(request, _("The account is saved."))
            return redirect("khqr_account")
        except Invalid as error:
            add_domain_errors(form, error, {})
    context = {"form": form, "said": said(request), "office": request.desk}
    status = 422 if data is not None else 200
    return render(request, "till/account.html", context, status=status)


def _context(order: KhqrOrder, trouble: str) -> dict[str, object]:
    return {
        "order": order,
        "is_over": order.state == KhqrState.CONFIRMED,
        "is_surplus": order.state == KhqrState.CONFIRMED and order.payment_id is None,
        "asked": asked_text(order),
        "items": [(item, booked_text(item)) for item in open_items_of(order)],
        "code": format_code(order.charge.request.tracking_code),
        "trouble": trouble,
    }


def _page(request: StaffRequest, order: KhqrOrder, *, trouble: str = "") -> HttpResponse:
    context = _context(order, trouble) | {
        "qr": segno.make(order.payload, error="m").svg_data_uri(scale=QR_SCALE, border=2),
        "office": request.desk,
    }
    return render(request, "till/khqr.html", context)
