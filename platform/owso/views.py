"""The pages for what Django itself refuses."""

from django.http import HttpRequest, HttpResponse

from owso.middleware import error_page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be read."""
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not allowed."""
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what is not here, or not for you."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer our own mistake."""
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was open too long or came from elsewhere."""
    return error_page(request, 403)
