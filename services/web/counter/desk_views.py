"""The first page of a desk, and finding a request."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from owso.accounts.permissions import Role, Verb
from owso.errors import NotAllowed
from services.cashier.queries import rate_on
from services.desk.queries import waiting_at
from services.offices.queries import offices
from services.requests.codes import format_code, parse_code
from services.requests.queries import counts_by_state, newest, search
from services.requests.states import State
from services.web.access import OFFICE_KEY, StaffRequest, needs
from services.web.counter.own_till import till_here
from services.web.counter.register_page import drafts
from services.web.counter.rows import rows_of
from services.web.flash import said
from tenants import clock


@needs(Verb.VIEW_REQUEST)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Show how this office stands and what was registered last."""
    counts = counts_by_state(request.actor, office_id=request.desk.id)
    now = clock.now()
    last = newest(request.actor, office_id=request.desk.id, limit=8)
    mine = {grant.office_id for grant in request.actor.grants}
    context = {
        "tiles": [(state.label, counts.get(state, 0), _tab(state)) for state in SHOWN],
        "last": rows_of(last, now=now),
        "office": request.desk,
        "offices": [each for each in offices() if each.id in mine],
        "rate": rate_on(clock.today()),
        "roles": sorted({str(Role(grant.role).label) for grant in request.actor.grants}),
        "said": said(request),
        "here": "home",
        "may_register": request.actor.may(Verb.REGISTER, office_id=request.desk.id),
        "drafts": drafts(request),
        "mine": till_here(request),
        "waiting": waiting_at(request.desk.id, clock.today()),
        "may_post_rate": request.actor.may(Verb.POST_RATE, office_id=request.desk.id),
    }
    return render(request, "counter/home.html", context)


_TABS = {State.WAITING: "paused", State.READY: "ready", State.INCOMPLETE: "incomplete"}
SHOWN = (State.REGISTERED, State.IN_PROGRESS, State.WAITING, State.READY, State.INCOMPLETE)


def _tab(state: State) -> str:
    return _TABS.get(state, "office")


@needs(Verb.VIEW_REQUEST)
@require_POST
def choose_office(request: StaffRequest) -> HttpResponse:
    """Go on at another of one's own offices."""
    chosen = request.POST.get("office", "")
    mine = {str(grant.office_id): grant.office_id for grant in request.actor.grants}
    if chosen not in mine:
        raise NotAllowed("not_allowed", _("You have no role at this office."))
    request.session[OFFICE_KEY] = mine[chosen]
    return redirect("home")


@needs(Verb.VIEW_REQUEST)
@require_safe
def find(request: StaffRequest) -> HttpResponse:
    """Find by code, phone number or part of a name; one hit opens at once."""
    text = request.GET.get("q", "").replace("\x00", "")[:200].strip()
    found = search(request.actor, text) if text else ()
    if len(found) == 1 and parse_code(text):
        return redirect("request", code=format_code(found[0].tracking_code))
    context = {
        "text": text,
        "rows": rows_of(found, now=clock.now()),
        "office": request.desk,
    }
    return render(request, "counter/found.html", context, status=200 if found else 404)
