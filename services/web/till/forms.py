"""The forms of a till: opening, counting piece by piece, explaining, depositing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from owso.formats import dollars, riel
from services.cashier.drawers import CENT_PIECES, MOST_PIECES, RIEL_PIECES, Drawer
from services.cashier.models import TillSession
from services.offices.models import Counter
from services.requests.khmer import arabic_digits, without_invisible
from services.web.counter.fields import Choice, Money, Note, Riel, Text, describe_fields

RIEL, CENTS = "riel_", "cents_"
LONGEST_NUMBER = 8


class Pieces(Text):
    """How many notes or coins; Khmer digits welcome, empty is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, width="ow-pieces", max_length=60, **kwargs)
        self.widget.attrs["inputmode"] = "numeric"

    def clean(self, value: Any) -> Any:
        """Read the number."""
        text = arabic_digits(without_invisible(super().clean(value))).replace(",", "").strip()
        if not text:
            return 0
        is_number = text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER
        if not is_number or int(text) > MOST_PIECES:
            raise ValidationError(_("Enter how many pieces there are."))
        return int(text)


class TillForm(forms.Form):
    """A form whose errors are tied to their fields."""

    def full_clean(self) -> None:
        """Check, then tie the errors to their fields."""
        super().full_clean()
        describe_fields(self)


class OpenForm(TillForm):
    """At which counter, with how much money."""

    counter = Choice(label=gettext_lazy("Counter"), choices=[], asks=False)
    float_riel = Riel(label=gettext_lazy("Riel in the drawer"), required=False)
    float_cents = Money(label=gettext_lazy("US dollars in the drawer"), required=False)

    def __init__(
        self, data: Any = None, *, counters: Iterable[Counter], chosen: int | None = None
    ) -> None:
        super().__init__(data, initial={"counter": chosen})
        field = self.fields["counter"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(each.pk), _("Counter %(number)s") % {"number": each.number}) for each in counters
        ]
        self.fields["float_riel"].widget.attrs |= {"inputmode": "numeric", "data-focus": ""}
        self.fields["float_cents"].widget.attrs["inputmode"] = "decimal"


class CountForm(TillForm):
    """The pieces in a drawer, each denomination by itself."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for value in RIEL_PIECES:
            self.fields[f"{RIEL}{value}"] = Pieces(label=riel(value))
        for value in CENT_PIECES:
            self.fields[f"{CENTS}{value}"] = Pieces(label=dollars(value))
        self.fields[f"{RIEL}{RIEL_PIECES[0]}"].widget.attrs["data-focus"] = ""

    @property
    def riel_fields(self) -> list[forms.BoundField]:
        """The riel, the largest first."""
        return [self[f"{RIEL}{value}"] for value in RIEL_PIECES]

    @property
    def cent_fields(self) -> list[forms.BoundField]:
        """The dollars, the largest first."""
        return [self[f"{CENTS}{value}"] for value in CENT_PIECES]

    @property
    def drawer(self) -> Drawer:
        """What was counted, from a form as far as it can be read."""
        data = self.cleaned_data
        return Drawer(
            {value: data.get(f"{RIEL}{value}", 0) for value in RIEL_PIECES},
            {value: data.get(f"{CENTS}{value}", 0) for value in CENT_PIECES},
        )


class ReasonForm(TillForm):
    """Why the count differs from what was expected."""

    reason = Note(label=gettext_lazy("Reason for the difference"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reason"].widget.attrs["data-focus"] = ""


class SettleForm(TillForm):
    """What was done about money by phone that was left over."""

    note = Text(label=gettext_lazy("What was done about it"))

    def __init__(self, data: Any = None, *, item_id: int) -> None:
        super().__init__(data, auto_id=f"item-{item_id}-%s")
        self.item_id = item_id


class DepositForm(TillForm):
    """Which closed tills go to the treasury, and where the money is brought."""

    tills = forms.MultipleChoiceField(
        label=gettext_lazy("Closed tills"),
        choices=[],
        widget=forms.CheckboxSelectMultiple({"class": "govuk-checkboxes__input"}),
        error_messages={"required": gettext_lazy("Choose at least one closed till.")},
    )
    bank = Text(label=gettext_lazy("Bank or treasury"))

    def __init__(self, data: Any = None, *, tills: Iterable[TillSession], names: Any) -> None:
        choices = [(str(till.pk), names(till)) for till in tills]
        super().__init__(data, initial={"tills": [value for value, _name in choices]})
        field = self.fields["tills"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices


class ReferenceForm(TillForm):
    """The number the treasury or bank gave."""

    reference = Text(label=gettext_lazy("Reference of the bank or treasury"), max_length=60)


class AccountForm(TillForm):
    """The office's account for payments by phone, as its bank wrote it down."""

    khqr_account = Text(
        label=gettext_lazy("Account for KHQR"),
        required=False,
        max_length=32,
        help_text=gettext_lazy("As the bank gave it, for example owso_battambang@bank"),
    )
    khqr_name = Text(
        label=gettext_lazy("Name in Latin letters, at most 25"), required=False, max_length=25
    )
    khqr_merchant_id = Text(
        label=gettext_lazy("Merchant number, if there is one"), required=False, max_length=32
    )
    khqr_bank = Text(label=gettext_lazy("Bank"), required=False, max_length=32)
