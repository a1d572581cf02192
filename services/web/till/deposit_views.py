"""Deposits: takings of closed tills on their way to the treasury."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.formats import dollars, local_day, riel
from services.cashier.actions import confirm_deposit, make_deposit, withdraw_deposit
from services.cashier.models import DepositState, TillSession
from services.cashier.tills import (
    deposit_at,
    deposit_label,
    deposits_of,
    undeposited,
    z_label,
)
from services.web.access import StaffRequest, needs
from services.web.flash import say
from services.web.till.answering import show, took
from services.web.till.forms import DepositForm, ReferenceForm
from services.web.till.reporting import deposit_response

SHOWN = 20


@needs(Verb.MAKE_DEPOSIT)
@require_safe
def deposits(request: StaffRequest) -> HttpResponse:
    """List the tills whose money waits here, and the deposits made."""
    return _page(request)


@needs(Verb.MAKE_DEPOSIT)
@require_POST
def make(request: StaffRequest) -> HttpResponse:
    """Make a deposit slip for the chosen tills."""
    form = _form(request)

    def act(data: Mapping[str, Any]) -> str:
        chosen = [int(value) for value in data["tills"]]
        made = make_deposit(request.desk.id, chosen, bank=data["bank"], by=request.actor)
        number = deposit_label(request.desk.code, made.number)
        return _("Deposit slip %(number)s is made. Print it.") % {"number": number}

    return took(request, form, act, to="deposits") or _page(request, form=form)


@needs(Verb.CONFIRM_DEPOSIT)
@require_POST
def confirm(request: StaffRequest, deposit_id: int) -> HttpResponse:
    """Confirm that the treasury has the money."""
    found = deposit_at(request.desk.id, deposit_id)
    form = ReferenceForm(request.POST)

    def act(data: Mapping[str, Any]) -> str:
        confirm_deposit(found.pk, reference=data["reference"], by=request.actor)
        return _("The deposit is confirmed.")

    return took(request, form, act, to="deposits") or _page(request, wrong=form)


@needs(Verb.MAKE_DEPOSIT)
@require_POST
def withdraw(request: StaffRequest, deposit_id: int) -> HttpResponse:
    """Take an unconfirmed slip back."""
    withdraw_deposit(deposit_at(request.desk.id, deposit_id).pk, by=request.actor)
    say(request, _("The slip is withdrawn. Its tills can be deposited again."))
    return redirect("deposits")


@needs(Verb.MAKE_DEPOSIT)
@require_safe
def slip(request: StaffRequest, deposit_id: int) -> HttpResponse:
    """Print a deposit slip."""
    return deposit_response(request, deposit_at(request.desk.id, deposit_id))


def _form(request: StaffRequest) -> DepositForm:
    data = request.POST if request.method == "POST" else None
    return DepositForm(data, tills=undeposited(request.desk.id), names=_name(request.desk.code))


def _name(office_code: str) -> Callable[[TillSession], str]:
    def name(till: TillSession) -> str:
        money_riel, cents = till.takings
        parts = [
            z_label(office_code, till.z_number or 0),
            local_day(till.opened_on),
            till.cashier.full_name_km,
            riel(money_riel),
            *([dollars(cents)] if cents else []),
        ]
        return " · ".join(parts)

    return name


def _page(
    request: StaffRequest, *, form: DepositForm | None = None, wrong: ReferenceForm | None = None
) -> HttpResponse:
    may_confirm = request.actor.may(Verb.CONFIRM_DEPOSIT, office_id=request.desk.id)
    rows = [
        (
            deposit,
            deposit_label(request.desk.code, deposit.number),
            deposit.state == DepositState.MADE,
            may_confirm and deposit.made_by_id != request.actor.user_id,
        )
        for deposit in deposits_of(request.desk.id, limit=SHOWN)
    ]
    context = {
        "form": form
        or DepositForm(tills=undeposited(request.desk.id), names=_name(request.desk.code)),
        "rows": rows,
        "reference": wrong or ReferenceForm(),
        "here": "deposits",
    }
    return show(request, "till/deposits.html", context, sent=wrong or form)
