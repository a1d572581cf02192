"""Taking a fee, taking a payment back with a second person, and the dollar rate of the day."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from owso.accounts.permissions import Verb
from owso.errors import Invalid, NotFound
from services.cashier.actions import (
    approve_reversal,
    charge_request,
    post_rate,
    refuse_reversal,
    request_reversal,
    take_payment,
)
from services.cashier.models import ReversalRequest
from services.cashier.queries import receipts_of
from services.catalogue.fees import parse_quantity
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest, needs
from services.web.counter.files import seen_request
from services.web.counter.paying import tender_of
from services.web.counter.taking import take_step
from services.web.flash import say
from tenants import clock

Data = Mapping[str, Any]


@needs(Verb.TAKE_PAYMENT)
@require_POST
def pay(request: StaffRequest, code: str) -> HttpResponse:
    """Charge the fee if that has not been done, and take it."""

    def act(found: ServiceRequest, data: Data) -> str:
        charge = charge_request(found.pk, by=request.actor, amount_riel=data.get("charged"))
        if charge.amount_riel == 0:
            return _("This service is free of charge.")
        offered = tender_of(data)
        assert offered is not None
        tender = replace(offered, change_cents=data["change_cents"] or 0)
        take_payment(charge.pk, tender=tender, by=request.actor, idempotency_key=data["key"])
        return _("The fee is paid. Print the receipt.")

    return take_step(request, code, "pay", act)


@needs(Verb.REQUEST_REVERSAL)
@require_POST
def ask_reversal(request: StaffRequest, code: str) -> HttpResponse:
    """Ask for a payment to be taken back."""

    def act(found: ServiceRequest, data: Data) -> str:
        payments = {receipt.payment_id for receipt in receipts_of(found.pk)}
        if data["payment"] not in payments:
            raise NotFound
        request_reversal(
            data["payment"], by=request.actor, reason=data["reason"], note=data["note"]
        )
        return _("A second person must approve the reversal.")

    return take_step(request, code, "reversal", act)


@needs(Verb.APPROVE_REVERSAL)
@require_POST
def decide_reversal(request: StaffRequest, code: str, asked_id: int) -> HttpResponse:
    """Approve or refuse a reversal as the second person."""
    found = seen_request(request, code)
    of_request = ReversalRequest.objects.filter(pk=asked_id, payment__charge__request_id=found.pk)
    if not of_request.exists():
        raise NotFound
    if request.POST.get("decision") == "approve":
        till = request.POST.get("till", "")
        till_id = int(till) if till.isascii() and till.isdigit() and len(till) < 19 else None
        approve_reversal(asked_id, by=request.actor, till_id=till_id)
        say(request, _("The payment was taken back."))
    else:
        refuse_reversal(asked_id, by=request.actor)
        say(request, _("The payment stands."))
    return redirect("request", code=code)


@needs(Verb.POST_RATE)
@require_POST
def post_rate_today(request: StaffRequest) -> HttpResponse:
    """Post the dollar rate of today."""
    typed = request.POST.get("riel_per_dollar", "")
    try:
        rate = parse_quantity(typed.replace(",", ""))
    except Invalid as error:
        message = _("Enter a rate between 1,000 and 20,000 riel for a dollar.")
        raise Invalid("rate_invalid", message) from error
    post_rate(clock.today(), rate, by=request.actor, office_id=request.desk.id)
    say(request, _("The rate is posted."))
    return redirect("home")
