"""What every step of a file does at the door: read the form, take one action, go on."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from owso.errors import Conflict, Invalid, InvalidTransition
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest
from services.web.counter.fields import add_domain_errors
from services.web.counter.file_steps import step_form
from services.web.counter.files import seen_request, show_file
from services.web.flash import say

Act = Callable[[ServiceRequest, Mapping[str, Any]], str]
NAMES = {"method": "way", "currency": "dollars", "amount_riel": "charged"}


def take_step(
    request: StaffRequest, code: str, name: str, act: Act, *, key: str = ""
) -> HttpResponse:
    """Take a step: `act` gets the request and the clean form, and returns what to say.

    `key` tells apart the forms of one step that stand on a page more than once.
    """
    found = seen_request(request, code)
    form = step_form(name, found, request.POST, key=key)
    if form.is_valid():
        try:
            say(request, act(found, form.cleaned_data))
            # The file stays in sight, to be read, also when it went to another office.
            return redirect("request", code=format_code(found.tracking_code))
        except Invalid as error:
            add_domain_errors(form, error, NAMES)
        except (Conflict, InvalidTransition) as error:
            return show_file(request, seen_request(request, code), trouble=error)
    return show_file(request, found, bound={key or name: form}, status=422)
