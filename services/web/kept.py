"""Public pages that are the same for everybody: made once a while, sent again only when changed."""

from collections.abc import Callable
from zlib import crc32

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from owso.formats import language
from services.short_cache import ShortCache

FRESH_SECONDS = 30.0
HEADERS = {"Cache-Control": "private, no-cache", "Referrer-Policy": "no-referrer"}
Key = tuple[str, ...]
_kept: ShortCache[Key, tuple[bytes, str]] = ShortCache(FRESH_SECONDS, most=2_000)


def kept_page(request: HttpRequest, key: Key, make: Callable[[], str]) -> HttpResponse:
    """Answer with a page of this key in the reader's language; 304 when the reader has it.

    The key must name everything the page depends on; it may come from outside, as the cache
    starts anew when it is full.
    """
    html, tag = _kept.get((language(), *key), lambda: _with_tag(make()))
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag, **HEADERS})
    return HttpResponse(html, headers={"ETag": tag, **HEADERS})


def forget_pages() -> None:
    """Make every page anew."""
    _kept.clear()


def _with_tag(text: str) -> tuple[bytes, str]:
    html = text.encode()
    return html, f'W/"{crc32(html):x}-{len(html):x}"'
