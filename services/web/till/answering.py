"""What the pages of money share: take one action for a valid form, or show the page again."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from owso.errors import Conflict, Invalid
from owso.middleware import status_of
from services.web.access import StaffRequest
from services.web.counter.fields import add_domain_errors
from services.web.flash import said, say

Act = Callable[[Mapping[str, Any]], str]


def took(request: StaffRequest, form: forms.Form, act: Act, *, to: str) -> HttpResponse | None:
    """Take an action that gives what the next page says, and go there.

    None when the form, or the rule behind the action, refused: the errors are beside its fields.
    """
    if form.is_valid():
        try:
            say(request, act(form.cleaned_data))
            return redirect(to)
        except Invalid as error:
            add_domain_errors(form, error, {})
    return None


def show(
    request: StaffRequest,
    template: str,
    context: Mapping[str, object],
    *,
    sent: forms.Form | None = None,
    trouble: Conflict | None = None,
) -> HttpResponse:
    """Show a page of money, with what is wrong with the form that was sent, or in the way."""
    wrong = sent if sent is not None and sent.errors else None
    whole = {
        **context,
        "wrong": wrong,
        "trouble": trouble,
        "said": said(request),
        "office": request.desk,
    }
    status = status_of(trouble) if trouble else 422 if wrong else 200
    return render(request, template, whole, status=status)
