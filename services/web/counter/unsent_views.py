"""Keeps what one types into the forms of a file until it is sent."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from owso.accounts.permissions import Verb
from services.desk.actions import keep_unsent
from services.web.access import StaffRequest, needs
from services.web.counter.casework_forms import CASEWORK_FORMS
from services.web.counter.files import seen_request
from services.web.counter.register_typed import content_of
from services.web.counter.step_forms import FORMS

OPINION = "answer-"
NOT_WORDS = ("seen", "unsent")


@needs(Verb.VIEW_REQUEST)
@require_POST
def unsent(request: StaffRequest, code: str) -> HttpResponse:
    """Keep what is in one form of a file, as one types."""
    keep_words(request, code, request.POST.get("unsent", "")[:40])
    return HttpResponse(status=204)


def keep_words(request: StaffRequest, code: str, name: str) -> None:
    """Keep the words of a form, if its words are kept; raise NotFound without the file."""
    found = seen_request(request, code)
    if _keeps(name):
        typed = content_of(request.POST)
        words = {field: values for field, values in typed.items() if field not in NOT_WORDS}
        keep_unsent(found, name, words, by=request.actor)


def _keeps(name: str) -> bool:
    number = name.removeprefix(OPINION)
    if number != name and number.isascii() and number.isdigit():
        name = "answer"
    kind = (FORMS | CASEWORK_FORMS).get(name)
    return kind is not None and kind.keeps
