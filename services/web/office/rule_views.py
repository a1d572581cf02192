"""The province's ladder of reminders."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from owso.accounts.permissions import Verb
from owso.errors import Invalid
from services.escalation.models import EscalationRule
from services.escalation.queries import rules
from services.escalation.rules import TOLD, set_rule
from services.web.access import StaffRequest, needs
from services.web.counter.fields import add_domain_errors
from services.web.flash import said, say
from services.web.office.forms import RuleForm


@needs(Verb.MANAGE_OFFICES)
@require_http_methods(["GET", "POST"])
def reminders(request: StaffRequest) -> HttpResponse:
    """Show the steps; set whom one of them tells, nobody ends it."""
    form = RuleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            told = frozenset(form.cleaned_data["told"])
            rule = set_rule(form.cleaned_data["offset_days"], by=request.actor, told=told)
            say(request, _("The step was saved.") if rule else _("The step is over."))
            return redirect("reminders")
        except Invalid as error:
            add_domain_errors(form, error, {})
    context = {
        "form": form,
        "rules": [(_when(rule.offset_days), _told(rule)) for rule in rules()],
        "said": said(request),
        "office": request.desk,
        "here": "reminders",
    }
    return render(request, "office/reminders.html", context, status=422 if form.errors else 200)


def _when(days: int) -> str:
    if days == 0:
        return _("At the limit of the stage")
    if days < 0:
        text = ngettext(
            "%(count)s working day before the limit",
            "%(count)s working days before the limit",
            -days,
        )
    else:
        text = ngettext(
            "%(count)s working day after the limit",
            "%(count)s working days after the limit",
            days,
        )
    return text % {"count": abs(days)}


def _told(rule: EscalationRule) -> list[str]:
    field = RuleForm.base_fields["told"]
    names = dict(field.choices)  # type: ignore[attr-defined] # a choice field, as declared
    return [str(names[name]) for name in TOLD if getattr(rule, name)]
