"""The slip beside the form: fee, days and change while one types, nothing written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from owso.errors import Invalid
from services.calendars.deadlines import add_working_days, add_working_minutes
from services.cashier.models import ExchangeRate
from services.cashier.tenders import credit
from services.catalogue.fees import Quote, parse_quantity, quote
from services.catalogue.terms import VersionTerms
from services.offices.calendars import calendar_of
from services.offices.queries import OfficeTerms
from services.web.counter.fields import Money
from services.web.counter.register_form import RegisterForm, tender_of
from services.web.marks import mark_text


@dataclass(frozen=True, slots=True)
class Preview:
    """What the slip would say if the form were sent now; money in riel."""

    terms: VersionTerms
    name: str
    promised_at: datetime
    due_at: datetime
    fee_mark: str
    limit_mark: str
    quote: Quote | None = None
    change_riel: int | None = None
    problem: str = ""


def preview(
    form: RegisterForm, *, desk: OfficeTerms, rate: ExchangeRate | None, now: datetime
) -> Preview:
    """Read the form as far as it is filled in."""
    terms, data = form.terms, form.data if form.is_bound else form.initial
    calendar = calendar_of(desk.id)
    due_at = add_working_days(now, terms.limit_days, calendar)
    minutes = sum(stage.limit_minutes for stage in terms.stages)
    offer, problem = _offer(form, data)
    return Preview(
        terms=terms,
        name=str(data.get("full_name", ""))[:200],
        promised_at=min(add_working_minutes(now, minutes, calendar), due_at),
        due_at=due_at,
        fee_mark=mark_text(terms, "fee"),
        limit_mark=mark_text(terms, "limit"),
        quote=offer,
        change_riel=_change(data, offer, rate),
        problem=problem,
    )


def _offer(form: RegisterForm, data: Mapping[str, Any]) -> tuple[Quote | None, str]:
    values = form.fee_values(data)
    if not all(values.values()):
        return None, ""
    try:
        quantity = parse_quantity(str(data.get("quantity") or "1"))
        return quote(form.terms.fee, values=values, quantity=quantity), ""
    except Invalid as error:
        return None, str(next(iter(error.fields.values()), error.message))


def change_of(way: str, typed: str, due_riel: int, rate: ExchangeRate | None) -> int | None:
    """Work out the change of money laid down, in riel; None while nothing sensible is typed."""
    if not typed.strip():
        return None
    try:
        tender = tender_of(way, Money(required=False).clean(typed))
        if tender is None:
            return None
        return credit(tender, due_riel=due_riel, rate=rate).change_riel
    except (Invalid, ValidationError):
        return None


def _change(data: Mapping[str, Any], offer: Quote | None, rate: ExchangeRate | None) -> int | None:
    if offer is None:
        return None
    way, typed = str(data.get("way") or ""), str(data.get("tendered") or "")
    return change_of(way, typed, offer.amount_riel, rate)
