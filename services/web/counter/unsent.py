"""Puts back into the forms of a file what one typed there and did not send."""

from collections.abc import Mapping

from django import forms

from services.desk.queries import Unsent
from services.web.counter.step_forms import StepForm

Kept = Mapping[str, Unsent]


def put_back(form: StepForm, kept: Unsent | None) -> StepForm:
    """Fill a form that was not sent with what its reader typed into it, if there is any."""
    if kept is None or form.is_bound:
        return form
    form.kept_at = kept.saved_at
    for name, field in form.fields.items():
        values = kept.content.get(name)
        if isinstance(field, forms.BooleanField):
            form.initial[name] = values is not None
        elif isinstance(field, forms.MultipleChoiceField):
            form.initial[name] = values or []
        elif values and name != "seen":
            form.initial[name] = values[-1]
    return form
