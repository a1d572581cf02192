"""One sentence that the next page says, kept in the session over the redirect."""

from django.http import HttpRequest

_KEY = "flash"


def say(request: HttpRequest, text: str) -> None:
    """Let the next page say this."""
    request.session[_KEY] = text


def said(request: HttpRequest) -> str:
    """What the page before wanted said; once."""
    return str(request.session.pop(_KEY, "")) if _KEY in request.session else ""
