"""The forms of the offices, their days and their people."""

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from owso.accounts.models import User
from owso.formats import weekday_name
from services.calendars.working import Periods
from services.offices.actions import OfficeDetails
from services.offices.actions.accounts import STAFF_ROLES, Person
from services.requests.khmer import arabic_digits
from services.web.counter.fields import Choice, Text, describe_fields

OWN = "own"
PERIODS_A_DAY = 2
# Longer than any closure may be, so that one that is too long is refused as such.
LONGEST_DAYS = 400


class Described(forms.Form):
    """A form whose fields are tied to their hints and errors."""

    def full_clean(self) -> None:
        """Check, then tie the errors to their fields."""
        super().full_clean()
        describe_fields(self)


class DetailsForm(Described):
    """What people read of an office."""

    name_km = Text(label=_("Name in Khmer"))
    name_en = Text(label=_("Name in English"))
    address_km = Text(label=_("Address in Khmer"), max_length=300, required=False)
    address_en = Text(label=_("Address in English"), max_length=300, required=False)
    phone = Text(label=_("Phone"), max_length=40, required=False)
    is_active = forms.BooleanField(label=_("Receives requests"), required=False)

    def details(self) -> OfficeDetails:
        """What the action needs, from a valid form."""
        return OfficeDetails(**self.cleaned_data)


class Moment(forms.TimeField):
    """A time of day of 24 hours, such as 07:30; Khmer digits welcome, empty is None."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"class": "govuk-input ow-time", "autocomplete": "off", "maxlength": "8"}
        super().__init__(
            required=False, widget=forms.TimeInput(attributes, format="%H:%M"), **kwargs
        )

    def to_python(self, value: Any) -> time | None:
        """Read the time as it was typed."""
        return super().to_python(arabic_digits(value) if isinstance(value, str) else value)


class HoursForm(Described):
    """Hours of the national list, or the office's own week."""

    hours = Choice(label=_("Hours to keep"), choices=[], asks=False)

    def __init__(self, data: Any = None, *, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["hours"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*choices, (OWN, _("Hours of its own, entered below"))]
        for weekday in range(7):
            for place in range(PERIODS_A_DAY):
                for end in ("opens", "closes"):
                    self.fields[f"{end}-{weekday}-{place}"] = Moment(label=weekday_name(weekday))

    def week(self) -> Iterator[tuple[str, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """The lines of the week: a weekday and its pairs of fields."""
        for weekday in range(7):
            pairs = [
                (self[f"opens-{weekday}-{place}"], self[f"closes-{weekday}-{place}"])
                for place in range(PERIODS_A_DAY)
            ]
            yield weekday_name(weekday), pairs

    def periods(self) -> dict[int, Periods]:
        """The week that was entered; a period with one end only is left as 00:00."""
        found: dict[int, Periods] = {}
        for weekday in range(7):
            pairs = (
                (self._time(f"opens-{weekday}-{place}"), self._time(f"closes-{weekday}-{place}"))
                for place in range(PERIODS_A_DAY)
            )
            spans = tuple(
                (opens or time(0), closes or time(0)) for opens, closes in pairs if opens or closes
            )
            if spans:
                found[weekday] = spans
        return found

    def _time(self, name: str) -> time | None:
        value = self.cleaned_data.get(name)
        return value if isinstance(value, time) else None


def week_of(periods: Mapping[int, Periods]) -> dict[str, time]:
    """The values of the fields of a week."""
    return {
        f"{end}-{weekday}-{place}": moment
        for weekday, spans in periods.items()
        for place, span in enumerate(spans[:PERIODS_A_DAY])
        for end, moment in zip(("opens", "closes"), span, strict=True)
    }


class Day(forms.DateField):
    """A day; the browser shows its own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(
            {"class": "govuk-input ow-date", "type": "date"}, format="%Y-%m-%d"
        )
        super().__init__(widget=widget, **kwargs)


class ClosureForm(Described):
    """Days on which the office stays closed, and why."""

    first_day = Day(label=_("First closed day"))
    last_day = Day(label=_("Last closed day"), required=False, help_text=_("Empty: one day only"))
    reason_km = Text(label=_("Reason in Khmer"), help_text=_("Citizens read it. No names."))
    reason_en = Text(label=_("Reason in English"), required=False)
    is_everywhere = forms.BooleanField(label=_("All offices of the province"), required=False)

    def days(self) -> list[date]:
        """The days from the first to the last; an order that is wrong gives none."""
        first = self.cleaned_data["first_day"]
        last = self.cleaned_data["last_day"] or first
        count = min((last - first).days + 1, LONGEST_DAYS)
        return [first + timedelta(days=offset) for offset in range(count)]


class PersonForm(Described):
    """Who an account is for."""

    full_name_km = Text(label=_("Full name in Khmer"), max_length=120)
    full_name_en = Text(label=_("Full name in English"), max_length=120, required=False)
    sex = Choice(label=_("Sex"), choices=User.Sex.choices, required=False)
    username = Text(
        label=_("User name"),
        max_length=60,
        help_text=_("Small Latin letters, digits, dots or dashes, for example sok.dara"),
    )

    def person(self) -> Person:
        """What the action needs, from a valid form."""
        return Person(**self.cleaned_data)


class RoleForm(Described):
    """A role at an office."""

    role = Choice(label=_("Role"), choices=[(role.value, role.label) for role in STAFF_ROLES])
    office = Choice(label=_("Office"), choices=[])
    sector = Choice(
        label=_("Sector"), choices=[], required=False, help_text=_("For an agent or a specialist")
    )

    def __init__(
        self,
        data: Any = None,
        *,
        offices: list[tuple[str, str]],
        sectors: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        for name, choices in (("office", offices), ("sector", sectors)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "—"), *choices]


class RuleForm(Described):
    """One step of the ladder."""

    offset_days = forms.IntegerField(
        label=_("Working days from the limit of the stage"),
        help_text=_("Negative: before it"),
        widget=forms.NumberInput({"class": "govuk-input govuk-input--width-4"}),
    )
    told = forms.MultipleChoiceField(
        label=_("Who is told"),
        required=False,
        choices=[
            ("tells_holders", _("Who holds the file")),
            ("tells_chief", _("The office chief")),
            ("tells_administrator", _("The provincial administrator")),
        ],
    )
