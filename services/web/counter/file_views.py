"""The page of one request."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from owso.accounts.permissions import Verb
from services.web.access import StaffRequest, needs
from services.web.counter.files import seen_request, show_file


@needs(Verb.VIEW_REQUEST)
@require_safe
def show(request: StaffRequest, code: str) -> HttpResponse:
    """Show a request and what can be done with it now."""
    return show_file(request, seen_request(request, code))
