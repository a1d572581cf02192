"""Form fields that forgive how people type: Khmer digits, spaces, zero-width characters."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from owso.errors import Invalid
from services.catalogue.fees import parse_quantity
from services.requests.khmer import arabic_digits, without_invisible

INPUT = "govuk-input"
SELECT = "govuk-select"
LONGEST_AMOUNT = 30
CENTS = 100


class Written:
    """A widget written out without a template: a file has twenty of them, each page of it."""

    def _render(
        self, template_name: str, context: dict[str, Any], renderer: Any = None
    ) -> SafeString:
        del template_name, renderer
        return mark_safe(self.written(context["widget"]))  # noqa: S308 - `written` escapes

    def written(self, widget: dict[str, Any]) -> str:
        """Return the HTML of an input; its value and attributes are escaped."""
        value = widget["value"]
        shown = "" if value is None else f' value="{escape(value)}"'
        name = escape(widget["name"])
        return f'<input type="{widget["type"]}" name="{name}"{shown}{written_out(widget["attrs"])}>'


class TextInput(Written, forms.TextInput):
    """One line."""


class HiddenInput(Written, forms.HiddenInput):
    """What the page remembers."""


class Textarea(Written, forms.Textarea):
    """A few lines."""

    def written(self, widget: dict[str, Any]) -> str:
        """Return the HTML; the line break after the tag belongs to HTML, not to the text."""
        name, value = escape(widget["name"]), escape(widget["value"] or "")
        return f'<textarea name="{name}"{written_out(widget["attrs"])}>\n{value}</textarea>'


class Select(Written, forms.Select):
    """One of a list; groups are not written."""

    def written(self, widget: dict[str, Any]) -> str:
        """Return the HTML with its options."""
        options = "".join(
            f'<option value="{escape(option["value"])}"{written_out(option["attrs"])}>'
            f"{escape(option['label'])}</option>"
            for _group, found, _index in widget["optgroups"]
            for option in found
        )
        name = escape(widget["name"])
        return f'<select name="{name}"{written_out(widget["attrs"])}>{options}</select>'


def written_out(attributes: Mapping[str, Any]) -> str:
    """Return attributes as HTML: True is the bare name, False is nothing."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


class Text(forms.CharField):
    """One line of text; NUL and too long texts are told apart from empty ones."""

    def __init__(self, *, width: str = "", max_length: int = 200, **kwargs: Any) -> None:
        attributes = {"class": f"{INPUT} {width}".strip(), "autocomplete": "off"}
        kwargs.setdefault("widget", TextInput(attributes))
        super().__init__(max_length=max_length, **kwargs)


class Note(Text):
    """A few lines of text."""

    def __init__(self, **kwargs: Any) -> None:
        area = Textarea({"class": "govuk-textarea", "rows": 2})
        super().__init__(max_length=2000, widget=area, **kwargs)


class Choice(forms.ChoiceField):
    """One of a few; the first line asks for a choice when none is made for the clerk."""

    def __init__(self, *, choices: Any, asks: bool = True, **kwargs: Any) -> None:
        first = [("", "—")] if asks else []
        super().__init__(choices=[*first, *choices], widget=Select({"class": SELECT}), **kwargs)


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
