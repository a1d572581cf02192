"""The retention periods of the country: read by the ministry, set by its administrator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from analytics.web.access import national_viewer
from owso.accounts.models import User
from owso.accounts.permissions import Verb, allows
from owso.errors import Invalid, NotAllowed
from owso.middleware import client_address
from services.offices.actors import Actor
from services.requests.khmer import arabic_digits
from services.retention.actions import set_period
from services.retention.queries import rules_in_force

DIGITS_MOST = 6


@national_viewer
@never_cache
@require_http_methods(["GET", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """List every kind of data with its period; the administrator sets one, within the law."""
    user = request.user
    assert isinstance(user, User)
    roles = user.ministry_grants.values_list("role", flat=True)
    may_set = any(allows(role, Verb.SET_RETENTION) for role in roles)
    problem = kind = typed = ""
    if request.method == "POST":
        if not may_set:
            raise NotAllowed("not_allowed", _("Only the ministry's administrator sets periods."))
        kind, typed = request.POST.get("kind", ""), request.POST.get("days", "").strip()
        try:
            set_period(kind, _days(typed), by=_actor(request, user))
            return redirect("national_retention")
        except Invalid as error:
            problem = str(error.message)
    context = {
        "rules": rules_in_force(),
        "may_set": may_set,
        "problem": problem,
        "kind": kind,
        "typed": typed,
    }
    return render(request, "analytics/retention.html", context, status=422 if problem else 200)


def _days(typed: str) -> int | None:
    """The days that were typed; an empty field returns to the usual period."""
    plain = arabic_digits(typed)
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= DIGITS_MOST):
        raise Invalid("days_unreadable", _("Enter whole days, for example 730."))
    return int(plain)


def _actor(request: HttpRequest, user: User) -> Actor:
    return Actor(user.pk, user.full_name_km, address=client_address(request))
