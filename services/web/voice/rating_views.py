"""Rating a request whose result was collected: once, without a name."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from owso.accounts.access import public
from owso.errors import DomainError, Invalid
from owso.middleware import status_of
from services.catalogue.queries import terms
from services.requests.codes import format_code, parse_code
from services.requests.states import State
from services.requests.tracking import TrackingView
from services.voice.actions import rate_request
from services.voice.kinds import Criterion, Score
from services.web.portal.answers import found_by, page
from services.web.voice.answering import (
    may_look,
    may_speak,
    miss,
    spoke_too_often,
    too_often,
)
from tenants.context import in_province


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of the score card as a form."""

    name: str
    label: str
    chosen: str


@public
@csrf_exempt  # The code alone opens it, and phones keep forms open for days.
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, typed: str) -> HttpResponse:
    """Show the score card of a collected request, or take it."""
    if not may_look(request):
        return too_often(request)
    found = found_by(parse_code(typed))
    if found is None:
        return miss(request, "voice/no_request.html")
    context = _context(request, found.seen)
    if request.method != "POST":
        return page("voice/rate.html", context)
    if not may_speak(request):
        return spoke_too_often(request)
    try:
        with in_province(found.province):
            rate_request(found.seen.tracking_code, _scores(request))
    except DomainError as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        context = {**context, "trouble": error.message, "fields": fields}
        return page("voice/rate.html", context, status=status_of(error))
    return page("voice/rated.html", context)


def _context(request: HttpRequest, seen: TrackingView) -> dict[str, object]:
    return {
        "code": format_code(seen.tracking_code),
        "service": terms(seen.service_version_id).name,
        "is_collected": seen.state == State.DELIVERED,
        "lines": [
            CardLine(criterion.value, str(criterion.label), request.POST.get(criterion.value, ""))
            for criterion in Criterion
        ],
        "scores": [(str(score.value), score.label) for score in Score],
    }


def _scores(request: HttpRequest) -> dict[str, int]:
    given = {name: request.POST.get(name, "") for name in Criterion.values}
    return {name: int(text) for name, text in given.items() if text in {"1", "2", "3", "4", "5"}}
