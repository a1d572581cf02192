"""What a view must declare before it answers anybody: public, or who may."""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.cache import never_cache

from owso.accounts.sessions import is_fresh

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Declare that anybody may see this view."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Declare that any account of this schema may see this view; others go to sign in."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        return view(request, *args, **kwargs)

    wrapper.access = "signed_in"  # type: ignore[attr-defined]
    return wrapper


def settles(*steps: str) -> Callable[[View], View]:
    """Keep a view open to people who still have to set these things up: it does so."""

    def mark(view: View) -> View:
        view.settles = steps  # type: ignore[attr-defined]
        return view

    return mark


def fresh(view: View) -> View:
    """Open a view to people who signed in fully a moment ago; others sign in once more.

    Whoever finds a screen left open, or came in by a PIN, cannot change how to sign in.
    """

    @signed_in
    @never_cache
    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method == "GET" else resolve_url("security")
        query = urlencode({"full": "1", "next": back})
        return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")

    wrapper.access = "signed_in"  # type: ignore[attr-defined]
    return wrapper
