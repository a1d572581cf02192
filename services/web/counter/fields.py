"""Form fields that forgive how people type: Khmer digits, spaces, zero-width characters."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from owso.errors import Invalid
from services.catalogue.fees import parse_quantity
from services.requests.khmer import arabic_digits, without_invisible

INPUT = "govuk-input"
SELECT = "govuk-select"
LONGEST_AMOUNT = 30
CENTS = 100


class Text(forms.CharField):
    """One line of text; NUL and too long texts are told apart from empty ones."""

    def __init__(self, *, width: str = "", max_length: int = 200, **kwargs: Any) -> None:
        attributes = {"class": f"{INPUT} {width}".strip(), "autocomplete": "off"}
        kwargs.setdefault("widget", forms.TextInput(attributes))
        super().__init__(max_length=max_length, **kwargs)


class Note(Text):
    """A few lines of text."""

    def __init__(self, **kwargs: Any) -> None:
        area = forms.Textarea({"class": "govuk-textarea", "rows": 2})
        super().__init__(max_length=2000, widget=area, **kwargs)


class Choice(forms.ChoiceField):
    """One of a few; the first line asks for a choice when none is made for the clerk."""

    def __init__(self, *, choices: Any, asks: bool = True, **kwargs: Any) -> None:
        first = [("", "—")] if asks else []
        super().__init__(
            choices=[*first, *choices], widget=forms.Select({"class": SELECT}), **kwargs
        )


class Quantity(Text):
    """A whole number of at least one, Khmer digits welcome."""

    def clean(self, value: Any) -> Any:
        """Read the number; an empty field is one."""
        text = super().clean(value)
        if not text:
            return 1
        try:
            return parse_quantity(text)
        except Invalid as error:
            raise ValidationError(str(error.message)) from error


class Riel(Text):
    """Whole riel; thousands may be marked; empty is None."""

    def clean(self, value: Any) -> Any:
        """Read the amount."""
        amount = _decimal(super().clean(value))
        if amount is None:
            return None
        if amount != amount.to_integral_value():
            raise ValidationError(_("Riel are whole numbers, for example 40,000."))
        return int(amount)


class Money(Text):
    """An amount with at most two decimals, in whole hundredths; empty is None."""

    def clean(self, value: Any) -> Any:
        """Read the amount: riel or dollars, the currency field says which."""
        amount = _decimal(super().clean(value))
        if amount is None:
            return None
        hundredths = amount * CENTS
        if hundredths != hundredths.to_integral_value():
            raise ValidationError(_("Write an amount such as 40,000 or 12.50."))
        return int(hundredths)


def _decimal(text: str) -> Decimal | None:
    plain = arabic_digits(without_invisible(text)).replace(",", "").replace(" ", "")
    plain = plain.removesuffix("៛").removeprefix("$")
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation as error:
        raise ValidationError(_("Write an amount such as 40,000 or 12.50.")) from error
    if len(plain) > LONGEST_AMOUNT or not amount.is_finite() or amount < 0 or amount > 10**12:
        raise ValidationError(_("Write an amount such as 40,000 or 12.50."))
    return amount


def describe_fields(form: forms.Form) -> None:
    """Tie each field to its hint and its error for those who listen to the page."""
    for field in form:
        ids = [f"{field.id_for_label}-hint"] if field.help_text else []
        widget = field.field.widget
        if field.errors:
            ids.append(f"{field.id_for_label}-error")
            widget.attrs["aria-invalid"] = "true"
            widget.attrs["class"] = f"{widget.attrs.get('class', '')} govuk-input--error".strip()
        if ids:
            widget.attrs["aria-describedby"] = " ".join(ids)


def add_domain_errors(form: forms.Form, error: Invalid, names: dict[str, str]) -> None:
    """Put what a rule refused beside its field; what has no field goes to the summary."""
    for name, message in error.fields.items():
        known = names.get(name, name)
        form.add_error(known if known in form.fields else None, str(message))
    if not error.fields:
        form.add_error(None, str(error.message))
    describe_fields(form)
