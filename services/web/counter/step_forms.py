"""The small forms beside a file, one for each step that can be taken now."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from services.cashier.models import ReversalReason
from services.cashier.queries import rate_on
from services.catalogue.terms import VersionTerms
from services.offices.queries import OfficeTerms
from services.requests.models import IdKind, PauseReason, ServiceRequest
from services.web.counter.fields import (
    Choice,
    HiddenInput,
    Money,
    Note,
    Riel,
    Text,
    describe_fields,
)
from services.web.counter.paying import CASH, money_fields
from services.web.private import applicant_name
from tenants import clock


class StepForm(forms.Form):
    """A step names the visit its sender was looking at, so that two clerks do not collide."""

    seen = forms.IntegerField(widget=HiddenInput, required=False)
    keeps: ClassVar[bool] = False
    """Whether what is typed is kept until it is sent."""
    kept_at: datetime | None = None

    def __init__(
        self, data: Any = None, *, found: ServiceRequest, terms: VersionTerms, step: str
    ) -> None:
        initial = {"seen": found.current_visit_id}
        super().__init__(data, auto_id=f"{step}-%s", initial=initial)
        self.found, self.terms = found, terms
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the request."""

    def full_clean(self) -> None:
        """Check, then tie the errors to their fields."""
        super().full_clean()
        describe_fields(self)


class PauseForm(StepForm):
    """Why the clock stops, and which papers are asked for."""

    keeps = True
    reason = Choice(label=_("Reason, shown to the citizen"), choices=PauseReason.choices)
    note = Note(label=_("Note for colleagues"), required=False)
    papers = forms.MultipleChoiceField(
        label=_("Papers to bring, shown to the citizen"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "govuk-checkboxes__input"}),
    )

    def prepare(self) -> None:
        """Offer the papers of the service."""
        choices = [(str(document.id), document.name) for document in self.terms.documents]
        field = self.fields["papers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices
        if not choices:
            del self.fields["papers"]


class ForwardForm(StepForm):
    """To which office of the province the file goes."""

    office = Choice(label=_("Office"), choices=[])

    def offer(self, offices: tuple[OfficeTerms, ...], name: Any) -> None:
        """Offer every other office."""
        field = self.fields["office"]
        assert isinstance(field, forms.ChoiceField)
        others = [(str(each.id), name(each)) for each in offices if each.id != self.found.office_id]
        field.choices = [("", "—"), *others]


class RejectForm(StepForm):
    """Why the request is refused."""

    keeps = True
    reason = Note(label=_("Reason for the refusal"))


class WithdrawForm(StepForm):
    """Why the citizen no longer wants it."""

    keeps = True
    reason = Note(label=_("Reason"), required=False)


class DeliverForm(StepForm):
    """Who takes the result away."""

    keeps = True
    collector_name = Text(label=_("Handed to"))
    is_applicant = forms.BooleanField(
        label=_("This is the applicant"), required=False, initial=True
    )
    id_kind = Choice(label=_("Identity paper"), choices=IdKind.choices, required=False)
    id_number = Text(label=_("Number of the paper"), required=False)

    def prepare(self) -> None:
        """Most people come themselves."""
        self.initial["collector_name"] = applicant_name(self.found)


class PayForm(StepForm):
    """How the fee is paid."""

    key = forms.UUIDField(widget=HiddenInput)
    way = forms.ChoiceField(
        label=_("Payment"), choices=[(CASH, _("Cash"))], initial=CASH, widget=HiddenInput
    )
    change_cents = Money(
        label=_("Of the change, in dollars"),
        required=False,
        help_text=_("Only of dollars in cash; empty: all of it in riel"),
    )
    charged = Riel(label=_("Fee asked, riel"), required=False)

    def prepare(self) -> None:
        """Ask for the amount only where the catalogue sets a maximum."""
        self.initial["key"] = uuid.uuid4()
        self.fields = {**money_fields(rate_on(clock.today())), **self.fields}
        if all(tier.ceiling != "maximum" for tier in self.terms.fee.tiers):
            del self.fields["charged"]


class ReversalForm(StepForm):
    """Why a payment is to be taken back."""

    payment = forms.IntegerField(widget=HiddenInput)
    reason = Choice(label=_("Reason"), choices=ReversalReason.choices)
    note = Note(label=_("Note"), required=False)


FORMS: dict[str, type[StepForm]] = {
    "complete": StepForm,
    "pay": PayForm,
    "advance": StepForm,
    "resume": StepForm,
    "deliver": DeliverForm,
    "pause": PauseForm,
    "forward": ForwardForm,
    "reject": RejectForm,
    "withdraw": WithdrawForm,
    "reversal": ReversalForm,
}
