"""Which services of its level an office offers."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from owso.accounts.permissions import Verb
from services.offices.actions import choose_services
from services.offices.models import WithheldService
from services.offices.queries import at_level
from services.web.access import StaffRequest, needs
from services.web.flash import said, say
from services.web.office.asked import office_asked
from tenants import clock


@needs(Verb.RUN_OFFICE)
@require_http_methods(["GET", "POST"])
def services(request: StaffRequest, code: str) -> HttpResponse:
    """List the services in force for this level, ticked where the office offers them."""
    found = office_asked(request, code)
    if request.method == "POST":
        given = {int(each) for each in request.POST.getlist("service") if _is_id(each)}
        came, went = choose_services(found.id, given, by=request.actor)
        words = {"came": came, "went": went}
        say(request, _("Saved: %(came)s offered again, %(went)s no longer offered.") % words)
        return redirect("office_services", code=code)
    withheld = WithheldService.objects.filter(office_id=found.id)
    kept_back = set(withheld.values_list("service_id", flat=True))
    offered = at_level(found.kind, clock.today())
    context = {
        "place": found,
        "services": [(each, each.service_id not in kept_back) for each in offered],
        "withheld": len(kept_back),
        "said": said(request),
        "office": request.desk,
        "here": "offices",
    }
    return render(request, "office/services.html", context)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
