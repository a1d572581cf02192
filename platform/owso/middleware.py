"""The doors' common steps: health, language, and errors turned into pages people understand."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from psycopg_pool import PoolTimeout
from redis.exceptions import RedisError

from owso import errors

GetResponse = Callable[[HttpRequest], HttpResponse]
logger = structlog.get_logger(__name__)
LANGUAGE_COOKIE = "owso_language"
STATUS: dict[type[errors.DomainError], int] = {
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Invalid: 422,
    errors.AlreadyDone: 409,
    errors.Conflict: 409,
    errors.InvalidTransition: 409,
    errors.Unavailable: 503,
}
OUTAGES = (OperationalError, InterfaceError, PoolTimeout, RedisError)


def status_of(error: errors.DomainError) -> int:
    """Return the HTTP status of a domain error."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def error_page(
    request: HttpRequest, status: int, *, message: object = "", code: str = ""
) -> HttpResponse:
    """Render the designed page of an error; asks the database nothing."""
    name = status if status in {400, 403, 404, 409, 413, 429, 500, 503} else 400
    context = {"message": message, "code": code, "status": status}
    response = HttpResponse(render_to_string(f"errors/{name}.html", context), status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "10"
    return response


class HealthMiddleware:
    """Answers /healthz (alive) and /readyz (database answers) for every host name."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path_info == "/readyz":
            return self._ready()
        return self.get_response(request)

    @staticmethod
    def _ready() -> HttpResponse:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except (DatabaseError, PoolTimeout):
            return HttpResponse("database", status=503, content_type="text/plain")
        return HttpResponse("ready", content_type="text/plain")


class LanguageMiddleware:
    """Khmer, unless `?lang=` or the cookie says English; works without a session."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = dict(settings.LANGUAGES)
        asked = request.GET.get("lang", "")
        language = asked if asked in known else request.COOKIES.get(LANGUAGE_COOKIE, "")
        if language not in known:
            language = settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if asked in known:
            response.set_cookie(
                LANGUAGE_COOKIE,
                language,
                max_age=31_536_000,
                samesite="Lax",
                secure=settings.IS_HTTPS,
                httponly=True,
            )
        return response


class ErrorPagesMiddleware:
    """The outermost guard: an outage before any view still gets a page, not a trace."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
        except OUTAGES as error:
            logger.exception("outage", kind=type(error).__name__)
            return error_page(request, 503)
        return response


class DomainErrorMiddleware:
    """Turns what a rule or an outage raised in a view into the page that explains it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Translate; anything unknown goes on to Django's own 500 and to Sentry."""
        if isinstance(error, errors.DomainError):
            logger.info("refused", code=error.code, path=request.path_info)
            return error_page(request, status_of(error), message=error.message, code=error.code)
        if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
            return error_page(request, 413)
        if isinstance(error, OUTAGES):
            logger.error("outage", kind=type(error).__name__, exc_info=error)
            return error_page(request, 503)
        return None


def client_address(request: HttpRequest) -> str:
    """Return the client's network address, through as many proxies as are trusted."""
    if settings.TRUSTED_PROXIES:
        hops = request.headers.get("X-Forwarded-For", "").split(",")
        if len(hops) >= settings.TRUSTED_PROXIES and hops[0]:
            return hops[-settings.TRUSTED_PROXIES].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
