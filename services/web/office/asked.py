"""Numbers from an address, and the office an address names, or nothing."""

from django.http import HttpRequest

from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.offices.queries import OfficeTerms, office_by_code
from services.requests.khmer import arabic_digits
from services.web.access import StaffRequest

DIGITS_MOST = 18


def number_asked(request: HttpRequest, name: str) -> int | None:
    """A whole number of the address's query; None when it is missing or no number."""
    text = arabic_digits(request.GET.get(name, ""))
    is_number = text.isascii() and text.isdigit() and len(text) <= DIGITS_MOST
    return int(text) if is_number else None


def office_asked(request: StaffRequest, code: str) -> OfficeTerms:
    """The office of a code if this person runs it; raise NotFound otherwise."""
    found = office_by_code(code)
    if not request.actor.may(Verb.RUN_OFFICE, office_id=found.id):
        raise NotFound
    return found
