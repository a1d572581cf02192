"""The slip beside the form: fee, days and change while one types, nothing written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from owso.errors import Invalid
from services.calendars.deadlines import add_working_days, add_working_minutes
from services.cashier.models import ExchangeRate
from services.catalogue.fees import Quote, parse_quantity, quote
from services.catalogue.terms import VersionTerms
from services.offices.calendars import calendar_of
from services.offices.queries import OfficeTerms
from services.web.counter.paying import Change, change_of
from services.web.counter.register_form import RegisterForm
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
    change: Change = field(default_factory=Change)
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
        change=Change() if offer is None else change_of(data, offer.amount_riel, rate),
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
