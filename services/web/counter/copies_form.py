"""The form for legalising many copies at once: which price, how many, who pays."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.cashier.tenders import Tender
from services.desk.bulk import Price
from services.requests.intake import ApplicantDetails, Intake
from services.web.counter.fields import Choice, Money, Quantity, Text, describe_fields
from services.web.counter.register_form import WAYS, tender_of

DOMAIN_NAMES = {"amount_riel": "tendered", "method": "way", "currency": "way", "code": "price"}


class CopiesForm(forms.Form):
    """One service, one quantity, one payment."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"invalid": _("Start a new form.")}
    )
    price = forms.ChoiceField(label=_("What is legalised"), widget=forms.RadioSelect)
    quantity = Quantity(label=_("How many copies"), max_length=60)
    full_name = Text(label=_("Full name of the applicant"), required=False)
    phone = Text(label=_("Phone"), required=False)
    way = Choice(label=_("Payment"), choices=WAYS, asks=False)
    tendered = Money(
        label=_("Money received"), required=False, help_text=_("Empty: the exact fee in riel")
    )

    def __init__(
        self, *args: Any, prices: tuple[Price, ...], usual: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.prices = {price.code: price for price in prices}
        self.initial.setdefault("key", uuid.uuid4())
        first = usual if usual in self.prices else next(iter(self.prices), "")
        self.initial["price"] = self.initial.get("price", first)
        field = self.fields["price"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, _words(price)) for code, price in self.prices.items()]
        for name in ("quantity", "tendered"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
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

    def tender(self) -> Tender:
        """The money laid on the counter."""
        tender = tender_of(self.cleaned_data["way"], self.cleaned_data["tendered"])
        assert tender is not None
        return tender


def _words(price: Price) -> str:
    label = price.tier.label
    return f"{price.terms.name} · {label}" if label else price.terms.name
