"""Who may open the ministry's pages."""

from __future__ import annotations

import functools
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from owso.accounts.access import View, signed_in
from owso.accounts.models import User
from owso.accounts.permissions import Verb, allows
from owso.errors import NotAllowed


def national_viewer(view: View) -> View:
    """Open a view to accounts of the ministry that may see the national figures.

    A page that refreshes itself is loaded anew once its session has ended, and so gets to
    the sign-in page as a whole, not into its middle.
    """

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            if request.headers.get("HX-Request") == "true":
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            return signed_in(view)(request, *args, **kwargs)
        roles = user.ministry_grants.values_list("role", flat=True)
        if not any(allows(role, Verb.VIEW_NATIONAL) for role in roles):
            raise NotAllowed(
                "not_allowed",
                _(
                    "Your account may not see the national figures."
                    " Ask the ministry's administrator."
                ),
            )
        return view(request, *args, **kwargs)

    wrapper.access = Verb.VIEW_NATIONAL  # type: ignore[attr-defined]
    return wrapper
