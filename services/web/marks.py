"""The words beside figures that are not law."""

from services.catalogue.standing import mark_of
from services.catalogue.terms import VersionTerms


def mark_text(terms: VersionTerms, subject: str) -> str:
    """What to write beside a figure (name, fee, limit, validity); empty when it is sourced."""
    mark = mark_of(terms, subject)
    return "" if mark is None else str(mark.sign_text)
