"""How a fee is paid at a counter: the ways there are, the money laid down, what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from owso.errors import Conflict, Invalid
from owso.formats import riel
from services.cashier.actions import charge_request, show_khqr
from services.cashier.models import Currency, ExchangeRate
from services.cashier.queries import rate_on
from services.cashier.tenders import Tender, credit
from services.cashier.tills import money_of
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest
from services.web.counter.fields import Money, Riel
from services.web.flash import say
from tenants import clock

CASH, KHQR, KHQR_DOLLARS, LATER = "cash", "khqr", "khqr_usd", "later"
BY_PHONE = {KHQR: Currency.KHR, KHQR_DOLLARS: Currency.USD}
PLENTY = 10**12


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody may take money at an office today."""

    has_khqr: bool = False
    rate: ExchangeRate | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What the money typed so far comes to: its worth and the change, in riel, or what is wrong."""

    worth_riel: int | None = None
    change_riel: int | None = None
    problem: str = ""


def ways_at(office_id: int) -> Ways:
    """Return the ways of an office: whether it can show a KHQR, and the dollar rate of today."""
    return Ways(bool(money_of(office_id).khqr_account), rate_on(clock.today()))


def ways_to_pay(ways: Ways | None) -> list[tuple[str, Any]]:
    """The choices of a form; none for somebody who takes no money."""
    if ways is None:
        return []
    choices = [(CASH, gettext_lazy("Cash"))]
    if ways.has_khqr:
        choices.append((KHQR, gettext_lazy("KHQR by phone")))
        if ways.rate is not None:
            choices.append((KHQR_DOLLARS, gettext_lazy("KHQR by phone, US dollars")))
    return choices


def money_fields(rate: ExchangeRate | None) -> dict[str, forms.Field]:
    """The fields for what a citizen lays down, in either currency or in both."""
    hint = (
        _("1 $ = %(rate)s") % {"rate": riel(rate.riel_per_dollar)}
        if rate
        else gettext_lazy("No rate is posted today: take riel.")
    )
    fields: dict[str, forms.Field] = {
        "tendered": Riel(
            label=gettext_lazy("Riel received"),
            required=False,
            help_text=gettext_lazy("Empty: the exact fee"),
        ),
        "dollars": Money(label=gettext_lazy("US dollars received"), required=False, help_text=hint),
    }
    fields["tendered"].widget.attrs["inputmode"] = "numeric"
    fields["dollars"].widget.attrs["inputmode"] = "decimal"
    return fields


def tender_of(data: Mapping[str, Any]) -> Tender | None:
    """The money of a clean form; None when it comes later, or by phone."""
    if data.get("way", CASH) != CASH:
        return None
    if data.get("dollars"):
        return Tender(currency=Currency.USD, cents=data["dollars"], riel=data.get("tendered"))
    return Tender(riel=data.get("tendered"))


def change_of(data: Mapping[str, Any], due_riel: int, rate: ExchangeRate | None) -> Change:
    """Work out what the money typed so far comes to; empty while nothing sensible is typed."""
    fields = money_fields(rate)
    try:
        typed = {name: field.clean(str(data.get(name) or "")) for name, field in fields.items()}
        tender = tender_of({"way": data.get("way") or CASH, **typed})
        if tender is None or not any(typed.values()):
            return Change()
        worth = credit(tender, due_riel=0, rate=rate).change_riel
    except Invalid as error:
        return Change(problem=str(next(iter(error.fields.values()), error.message)))
    except ValidationError:
        return Change()
    if worth < due_riel:
        missing = _("%(amount)s are missing.") % {"amount": riel(due_riel - worth)}
        return Change(worth, problem=missing)
    return Change(worth, worth - due_riel)


def to_code(request: StaffRequest, found: ServiceRequest, way: str) -> HttpResponse:
    """Go to the KHQR of what is due of a request; say why where none can be shown."""
    try:
        charge = charge_request(found.pk, by=request.actor)
        order = show_khqr(charge.pk, by=request.actor, currency=BY_PHONE[way])
    except (Conflict, Invalid) as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        say(request, str(next(iter(fields.values()), error.message)))
        return redirect("request", code=format_code(found.tracking_code))
    return redirect("khqr", order_id=order.pk)
