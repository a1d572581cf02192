"""Office pages packed for the line: a queue of forty kilobytes goes over it in six."""

import secrets

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

SMALLEST = 1_000
QUALITY = 4
"""A fifth of a millisecond for a queue; the best takes fifty times as long for a tenth less."""
MOST_PADDING = 64


def packed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Compress a page with brotli for a browser that takes it; everything else stays as it is.

    The length of a packed page tells a listener how well something typed fits what is secret in
    it. Tokens are masked anew in every page, and a header of random length blurs the rest.
    """
    is_page = response.get("Content-Type", "").startswith("text/html") and not response.streaming
    if not is_page or len(response.content) < SMALLEST or "Content-Encoding" in response:
        return response
    patch_vary_headers(response, ("Accept-Encoding",))
    if not _takes_brotli(request):
        return response
    response.content = brotli.compress(response.content, quality=QUALITY)
    response["Content-Encoding"] = "br"
    response["X-Padding"] = "0" * secrets.randbelow(MOST_PADDING)
    return response


def _takes_brotli(request: HttpRequest) -> bool:
    """Say whether the browser names brotli, and not to refuse it."""
    named = (each.strip() for each in request.headers.get("Accept-Encoding", "").split(","))
    return any(name == "br" or (name.startswith("br;") and "q=0" not in name) for name in named)
