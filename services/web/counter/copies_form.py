"""The form for legalising many copies at once: which price, how many, who pays."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.cashier.tenders import Tender
from services.desk.bulk import Price
from services.requests.intake import ApplicantDetails, Intake
from services.web.counter.fields import Choice, Quantity, Text, describe_fields
from services.web.counter.paying import Ways, money_fields, tender_of, ways_to_pay

DOMAIN_NAMES = {"amount_riel": "tendered", "method": "way", "currency": "dollars", "code": "price"}


class CopiesForm(forms.Form):
    """One service, one quantity, one payment."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"invalid": _("Start a new form.")}
    )
    price = forms.ChoiceField(label=_("What is legalised"), widget=forms.RadioSelect)
    quantity = Quantity(label=_("How many copies"), max_length=60)
    full_name = Text(label=_("Full name of the applicant"), required=False)
    phone = Text(label=_("Phone"), required=False)
    way = Choice(label=_("Payment"), choices=[], asks=False)

    def __init__(
        self, *args: Any, prices: tuple[Price, ...], ways: Ways, usual: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rate = ways.rate
        way = self.fields["way"]
        assert isinstance(way, forms.ChoiceField)
        way.choices = ways_to_pay(ways)
        self.fields |= money_fields(ways.rate)
        self.prices = {price.code: price for price in prices}
        self.initial.setdefault("key", uuid.uuid4())
        if self.initial.get("price") not in self.prices:
            self.initial["price"] = usual if usual in self.prices else next(iter(self.prices), "")
        field = self.fields["price"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, _words(price)) for code, price in self.prices.items()]
        self.fields["quantity"].widget.attrs["inputmode"] = "numeric"
        self.fields["quantity"].widget.attrs["data-focus"] = ""

    def full_clean(self) -> None:
        """Check, then tie the errors to their fields."""
        super().full_clean()
        describe_fields(self)

    def chosen(self, data: Mapping[str, Any]) -> Price | None:
        """The price of raw or cleaned data."""
        return self.prices.get(str(data.get("price", "")))

    def intake(self, office_id: int, price: Price) -> Intake:
        """What the registration needs, from a valid form."""
        data = self.cleaned_data
        return Intake(
            office_id=office_id,
            terms=price.terms,
            idempotency_key=data["key"],
            applicant=ApplicantDetails(full_name=data["full_name"], phone=data["phone"]),
            quantity=data["quantity"],
            fee_values=dict(price.tier.conditions),
        )

    def tender(self) -> Tender | None:
        """The money laid on the counter; None when it comes by phone."""
        return tender_of(self.cleaned_data)


def _words(price: Price) -> str:
    label = price.tier.label
    return f"{price.terms.name} · {label}" if label else price.terms.name
