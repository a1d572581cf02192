"""The language of a page: the address first, then a cookie, and Khmer by default."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "lang"
LANGUAGES = ("km", "en")
ONE_YEAR_S = 365 * 24 * 3600


class LanguageMiddleware:
    """Speak the language that ?lang= or the cookie asks for; remember what ?lang= asked.

    The browser's own preference is not asked: phones sold in Cambodia are commonly left in
    English by people who read Khmer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang")
        language = asked if asked in LANGUAGES else request.COOKIES.get(COOKIE)
        translation.activate(language if language in LANGUAGES else "km")
        response = self.get_response(request)
        if asked in LANGUAGES:
            response.set_cookie(
                COOKIE, asked, max_age=ONE_YEAR_S, samesite="Lax", secure=request.is_secure()
            )
        return response
