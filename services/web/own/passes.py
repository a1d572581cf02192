"""The short pass of somebody whose digits were right: a signed cookie for one code."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "owso_own"
SECONDS = 15 * 60
PATH = "/t/"
_SALT = "owso.own-file"


def give(response: HttpResponse, code: str, hashed: bytes) -> None:
    """Lay a pass into an answer; it holds the digits as the province's keyed hash only."""
    value = signing.dumps([code, hashed.hex()], salt=_SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=SECONDS,
        path=PATH,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Strict",
    )


def shown(request: HttpRequest, code: str) -> bytes | None:
    """Return the hash of a pass for this code that still holds, else None."""
    try:
        held, hashed = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return bytes.fromhex(hashed) if held == code else None


def take_back(response: HttpResponse) -> None:
    """End the pass in this browser."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Strict")
