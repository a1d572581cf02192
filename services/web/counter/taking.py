"""What every step of a file does at the door: read the form, take one action, go on."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from owso.accounts.access import View
from owso.accounts.permissions import Verb
from owso.errors import Conflict, Invalid, InvalidTransition
from services.desk.actions import drop_unsent
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest, needs
from services.web.counter.fields import add_domain_errors
from services.web.counter.file_steps import step_form
from services.web.counter.files import seen_request, show_file
from services.web.flash import say

Data = Mapping[str, Any]
Act = Callable[..., str]
NAMES = {"method": "way", "currency": "dollars", "amount_riel": "charged"}


def step(verb: Verb, name: str, *, is_repeated: bool = False) -> Callable[[Act], View]:
    """Make a view of the step `name`, open to those who hold the verb.

    What is decorated gets the request, the file, the clean form and what else the address names;
    it takes one action and returns what to say. A repeated step's form stands on the page once
    for each thing that the address can name.
    """

    def decorate(act: Act) -> View:
        @needs(verb)
        @require_POST
        @functools.wraps(act)
        def view(request: StaffRequest, code: str, **named: int) -> HttpResponse:
            key = "-".join([name, *map(str, named.values())]) if is_repeated else ""
            return take_step(request, code, name, functools.partial(act, request, **named), key=key)

        return view

    return decorate


def take_step(
    request: StaffRequest,
    code: str,
    name: str,
    act: Callable[[ServiceRequest, Data], str],
    *,
    key: str = "",
) -> HttpResponse:
    """Take a step: `act` gets the request and the clean form, and returns what to say.

    `key` tells apart the forms of one step that stand on a page more than once.
    """
    found = seen_request(request, code)
    form = step_form(name, found, request.POST, key=key)
    if form.is_valid():
        try:
            say(request, act(found, form.cleaned_data))
            if form.keeps:
                drop_unsent(found.pk, key or name, by=request.actor)
            # The file stays in sight, to be read, also when it went to another office.
            return redirect("request", code=format_code(found.tracking_code))
        except Invalid as error:
            add_domain_errors(form, error, NAMES)
        except (Conflict, InvalidTransition) as error:
            return show_file(request, seen_request(request, code), trouble=error)
    return show_file(request, found, bound={key or name: form}, status=422)
