"""Which figures of a version are not law, for every page that shows them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.catalogue.kinds import Standing
from services.catalogue.terms import VersionTerms

SUBJECTS: dict[str, str | Promise] = {
    "name": _("Name of the service"),
    "fee": _("Fee"),
    "limit": _("Legal limit"),
    "validity": _("Validity"),
}
SIGNS: dict[Standing, str | Promise] = {
    Standing.DERIVED: _("worked out, not published"),
    Standing.PLACEHOLDER: _("demo figure, not law"),
    Standing.NOT_STATED: _("not stated in the source"),
}


@dataclass(frozen=True)
class Mark:
    """One figure that needs a visible mark beside it, and the words of the mark."""

    subject: str
    standing: Standing
    subject_text: str | Promise
    sign_text: str | Promise


def mark_of(terms: VersionTerms, subject: str) -> Mark | None:
    """Give the mark of one figure (name, fee, limit, validity); None when it is sourced."""
    standing = _standing_of(terms, subject)
    if standing == Standing.SOURCED:
        return None
    return Mark(subject, standing, SUBJECTS[subject], SIGNS[standing])


def marks(terms: VersionTerms) -> tuple[Mark, ...]:
    """Give the marks of all figures a page shows: an unknown figure is not shown, so unmarked."""
    shown = ["name", "fee", "limit"]
    if terms.validity_km:
        shown.append("validity")
    found = (mark_of(terms, subject) for subject in shown)
    return tuple(mark for mark in found if mark is not None)


def _standing_of(terms: VersionTerms, subject: str) -> Standing:
    if subject == "fee":
        return _weakest_fee_standing(terms)
    standings = {
        "name": terms.standings.name,
        "limit": terms.standings.limit,
        "validity": terms.standings.validity,
    }
    return standings[subject]


def _weakest_fee_standing(terms: VersionTerms) -> Standing:
    found = {terms.standings.fee, *(tier.standing for tier in terms.fee.tiers)}
    for standing in (Standing.PLACEHOLDER, Standing.DERIVED, Standing.NOT_STATED):
        if standing in found:
            return standing
    return Standing.SOURCED
