"""What many copies cost, while the number is being typed; nothing written."""

from dataclasses import dataclass, field

from owso.errors import Invalid
from services.cashier.models import ExchangeRate
from services.catalogue.fees import parse_quantity, quote
from services.desk.bulk import Price
from services.web.counter.copies_form import CopiesForm
from services.web.counter.paying import Change, change_of
from services.web.marks import mark_text


@dataclass(frozen=True, slots=True)
class Sum:
    """The fee of so many copies and the change to give; whole riel."""

    price: Price | None = None
    quantity: int = 0
    amount_riel: int | None = None
    change: Change = field(default_factory=Change)
    fee_mark: str = ""
    problem: str = ""


def sum_of(form: CopiesForm, *, rate: ExchangeRate | None) -> Sum:
    """Work out the sum as far as the form is filled in."""
    data = form.data if form.is_bound else form.initial
    price = form.chosen(data)
    typed = str(data.get("quantity") or "").strip()
    if price is None or not typed:
        return Sum(price)
    mark = mark_text(price.terms, "fee")
    try:
        quantity = parse_quantity(typed)
        fee = quote(price.terms.fee, values=dict(price.tier.conditions), quantity=quantity)
    except Invalid as error:
        problem = str(next(iter(error.fields.values()), error.message))
        return Sum(price, fee_mark=mark, problem=problem)
    change = change_of(data, fee.amount_riel, rate)
    return Sum(price, quantity, fee.amount_riel, change, mark)
