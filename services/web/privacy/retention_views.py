"""The rules of retention, the holds of the province and what the disposal reports."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from owso.accounts.permissions import Verb
from services.privacy import actions
from services.privacy.queries import last_runs, open_holds
from services.retention.queries import rules_in_force
from services.web.access import StaffRequest, needs
from services.web.flash import said, say
from services.web.privacy.lines import hold_lines, run_lines


@needs(Verb.HOLD_DATA)
@require_safe
def retention(request: StaffRequest) -> HttpResponse:
    """List the rules, the holds nobody lifted and the last runs."""
    context = {
        "rules": rules_in_force(),
        "holds": hold_lines(open_holds()),
        "runs": run_lines(last_runs()),
        "said": said(request),
        "office": request.desk,
        "here": "retention",
    }
    return render(request, "privacy/retention.html", context)


@needs(Verb.HOLD_DATA)
@require_POST
def count(request: StaffRequest) -> HttpResponse:
    """Count what would go now; touches nothing."""
    actions.dispose(by=request.actor, is_dry_run=True)
    say(request, _("Counted. Nothing was touched."))
    return redirect("retention")


@needs(Verb.HOLD_DATA)
@require_POST
def lift(request: StaffRequest, hold_id: int) -> HttpResponse:
    """End a hold."""
    actions.lift_hold(hold_id, by=request.actor)
    say(request, _("The hold is over. What is due goes with the next disposal."))
    return redirect("retention")
