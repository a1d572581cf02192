"""The forms of data protection on a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services.privacy.models import Corrected, Objection
from services.requests.models import IdKind
from services.web.counter.fields import Choice, Note, Text
from services.web.office.forms import Day, Described


class CorrectForm(Described):
    """What was wrong, what is right, and how one knows."""

    field = Choice(label=_("What is wrong"), choices=Corrected.choices)
    value = Text(
        label=_("What it should be"),
        required=False,
        help_text=_("A phone left empty is removed."),
    )
    evidence = Text(label=_("Paper that shows it"), max_length=2000)
    reason = Note(label=_("Reason"))


class ObjectForm(Described):
    """What a person does not want, in their words."""

    against = Choice(label=_("The person objects to"), choices=Objection.Against.choices)
    grounds = Note(label=_("What the person says"))


class DecideForm(Described):
    """The decision on an objection."""

    is_upheld = Choice(
        label=_("Decision"), choices=[("yes", _("Upheld: it stops")), ("no", _("Refused"))]
    )
    decision_reason = Note(label=_("Reason, told to the person"))


class CopyForm(Described):
    """The identity paper in the officer's hand."""

    id_kind = Choice(label=_("Identity paper"), choices=IdKind.choices)
    id_number = Text(label=_("Number of the paper"))
    way = Choice(
        label=_("How the person takes it"),
        asks=False,
        choices=[
            ("code", _("On the phone, with a one-time code")),
            ("paper", _("Printed here, on paper")),
        ],
    )


class HoldForm(Described):
    """Why the data must stay, how long, and of whom."""

    on = Choice(
        label=_("What is held"),
        asks=False,
        choices=[("request", _("This request")), ("person", _("The person, every request"))],
    )
    until = Day(label=_("Until, empty: until it is ended"), required=False)
    reason = Note(label=_("Reason"))


FORMS: dict[str, type[forms.Form]] = {
    "correct": CorrectForm,
    "object": ObjectForm,
    "decide": DecideForm,
    "copy": CopyForm,
    "hold": HoldForm,
}
