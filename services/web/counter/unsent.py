"""Puts back into the forms of a file what one typed there and did not send."""

from collections.abc import Iterable

from django import forms

from services.desk.queries import Unsent, unsent_of
from services.offices.actors import Actor
from services.requests.models import ServiceRequest
from services.web.counter.step_forms import StepForm

Named = tuple[str, StepForm]


def put_back(actor: Actor, found: ServiceRequest, named: Iterable[Named]) -> None:
    """Fill forms that were not sent with what this person typed into them. One query at most."""
    waiting = [(name, form) for name, form in named if form.keeps and not form.is_bound]
    if not waiting:
        return
    kept = unsent_of(actor, found.pk)
    for name, form in waiting:
        if name in kept:
            _fill(form, kept[name])


def _fill(form: StepForm, kept: Unsent) -> None:
    form.kept_at = kept.saved_at
    for name, field in form.fields.items():
        values = kept.content.get(name)
        if isinstance(field, forms.BooleanField):
            form.initial[name] = values is not None
        elif isinstance(field, forms.MultipleChoiceField):
            form.initial[name] = values or []
        elif values and name != "seen":
            form.initial[name] = values[-1]
