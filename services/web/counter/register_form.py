"""The form of the front desk: a person, who acts for them, a service, its papers and its fee."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.cashier.tenders import Tender
from services.catalogue.terms import VersionTerms
from services.desk.consents import TEXT
from services.requests.intake import ApplicantDetails, Intake, RepresentationDetails
from services.requests.models import AuthorityKind, IdKind, Sex
from services.web.counter.fields import Choice, Quantity, Riel, Text, describe_fields
from services.web.counter.paying import LATER, Ways, money_fields, tender_of, ways_to_pay

DIMENSION = "fee_"
# How the rules name what the form calls otherwise.
DOMAIN_NAMES = {
    "amount_riel": "charged",
    "method": "way",
    "currency": "dollars",
    "code": "service",
}
ACTING = ("representative_name", "authority_kind", "representative_phone")
TICKS = ("is_complete", "wants_notices", "representative_receives_notices")


class RegisterForm(forms.Form):
    """Built for one service: its questions, papers and fee; `ways` open the till."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"invalid": _("Start a new form.")}
    )
    service = forms.CharField(widget=forms.HiddenInput, max_length=40)
    applicant = forms.CharField(label=_("Earlier applicant"), required=False, max_length=300)
    full_name = Text(label=_("Full name of the applicant"), required=False)
    phone = Text(label=_("Phone"), required=False)
    sex = Choice(label=_("Sex"), choices=Sex.choices, required=False)
    id_kind = Choice(label=_("Identity paper"), choices=IdKind.choices, required=False)
    id_number = Text(label=_("Number of the paper"), required=False)
    representative_name = Text(label=_("Name of the representative"), required=False)
    authority_kind = Choice(
        label=_("On what authority"), choices=AuthorityKind.choices, required=False
    )
    representative_phone = Text(label=_("Phone of the representative"), required=False)
    representative_receives_notices = forms.BooleanField(
        label=_("The representative gets the notices"), required=False
    )
    wants_notices = forms.BooleanField(label=TEXT, required=False)

    def __init__(
        self, *args: Any, terms: VersionTerms, ways: Ways | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.terms, self.ways = terms, ways
        self.initial.setdefault("key", uuid.uuid4())
        self.initial["service"] = terms.service_code
        self._add_fee_fields(terms)
        self._add_paper_fields(terms)
        self._add_money_fields(terms, ways)
        for name in ("full_name", "phone", "id_number", *ACTING[::2]):
            self.fields[name].widget.attrs["spellcheck"] = "false"
        self.fields["full_name"].widget.attrs["data-focus"] = ""

    def full_clean(self) -> None:
        """Check, then tie the errors to their fields."""
        super().full_clean()
        describe_fields(self)

    def _add_fee_fields(self, terms: VersionTerms) -> None:
        for dimension in terms.fee.dimensions:
            choices = [(value.code, value.label) for value in dimension.values]
            self.fields[DIMENSION + dimension.code] = Choice(label=dimension.name, choices=choices)
        if terms.fee.takes_quantity:
            self.fields["quantity"] = Quantity(
                label=_("Quantity"), required=False, initial="1", max_length=60
            )

    def _add_paper_fields(self, terms: VersionTerms) -> None:
        if terms.documents:
            self.fields["papers"] = forms.MultipleChoiceField(
                label=_("Papers handed in"),
                choices=[(str(document.id), document.name) for document in terms.documents],
                required=False,
            )
        self.fields["is_complete"] = forms.BooleanField(
            label=_("All papers are here and correct"), required=False, initial=True
        )

    def _add_money_fields(self, terms: VersionTerms, ways: Ways | None) -> None:
        if any(tier.ceiling == "maximum" for tier in terms.fee.tiers):
            self.fields["charged"] = Riel(
                label=_("Fee asked, riel"),
                required=False,
                help_text=_("The catalogue sets the most that may be asked. Empty: all of it."),
            )
        if terms.fee.is_free:
            return
        choices = [*ways_to_pay(ways), (LATER, _("Later, at the cashier"))]
        self.fields["way"] = Choice(label=_("Payment"), choices=choices, asks=False)
        if ways is not None:
            self.fields |= money_fields(ways.rate)

    @property
    def fee_fields(self) -> list[forms.BoundField]:
        """The questions the fee depends on."""
        return [self[name] for name in self.fields if name.startswith(DIMENSION)]

    @property
    def acting_fields(self) -> list[forms.BoundField]:
        """The questions about somebody who acts for the applicant."""
        return [self[name] for name in ACTING]

    @property
    def has_representative(self) -> bool:
        """Say whether anything was entered about a representative."""
        return any(self[name].value() for name in ACTING)

    def fee_values(self, data: Mapping[str, Any]) -> dict[str, str]:
        """The answers the fee depends on, from cleaned or raw data."""
        codes = (dimension.code for dimension in self.terms.fee.dimensions)
        return {code: str(data.get(DIMENSION + code) or "") for code in codes}

    def intake(self, office_id: int, *, applicant_id: int | None = None) -> Intake:
        """What the registration needs, from a valid form; an earlier applicant's row is re-used."""
        data = self.cleaned_data
        papers = frozenset(int(number) for number in data.get("papers", []))
        return Intake(
            office_id=office_id,
            terms=self.terms,
            idempotency_key=data["key"],
            applicant=None if applicant_id else _details(data),
            applicant_id=applicant_id,
            quantity=data.get("quantity", 1),
            fee_values=self.fee_values(data),
            papers=papers if papers or not data["is_complete"] else None,
            representation=_representation(data),
            is_complete=data["is_complete"],
        )

    def tender(self) -> Tender | None:
        """The money laid on the counter; None when it comes later, or by phone."""
        if "way" not in self.fields:
            return Tender()
        return tender_of(self.cleaned_data)


def _details(data: Mapping[str, Any]) -> ApplicantDetails:
    return ApplicantDetails(
        full_name=data["full_name"],
        sex=data["sex"],
        id_kind=data["id_kind"],
        id_number=data["id_number"],
        phone=data["phone"],
    )


def _representation(data: Mapping[str, Any]) -> RepresentationDetails | None:
    if not any(data[name] for name in ACTING) and not data["representative_receives_notices"]:
        return None
    return RepresentationDetails(
        name=data["representative_name"],
        authority_kind=data["authority_kind"],
        phone=data["representative_phone"],
        receives_notices=data["representative_receives_notices"],
    )
