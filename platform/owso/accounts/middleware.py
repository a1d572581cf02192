"""Holds back whoever still has to set something up, and lets no browser keep an office page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from owso.accounts import persons
from owso.accounts.sessions import NEXT, TODO, may_hold_session, page_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class SetUpMiddleware:
    """Closes every view but the public ones and the one that sets up what is missing.

    Only the session's own mark counts, set at sign-in, so that a page costs no query more.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        persons.bring(None)
        person = getattr(request, "_cached_user", None)
        if person is not None and person.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Lead to what is missing; a program is told so."""
        todo = request.session.get(TODO) if may_hold_session(request) else None
        if not todo or getattr(view, "access", "") == "public":
            return None
        if todo[0] in getattr(view, "settles", ()):
            return None
        return _led(request, page_of(todo[0]), is_program=hasattr(view, "cls"))


def _led(request: HttpRequest, page: str, *, is_program: bool) -> HttpResponse:
    if is_program:
        title = _("Set up your sign-in on the pages first.")
        body = {"status": 403, "code": "setup_missing", "title": title}
        return JsonResponse(body, status=403, content_type="application/problem+json")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": page})
    if request.method == "GET" and NEXT not in request.session:
        request.session[NEXT] = request.get_full_path()
    return HttpResponseRedirect(page)
