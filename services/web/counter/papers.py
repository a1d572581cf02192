"""What the printer of this desk holds, remembered for the session; and how papers are sent."""

import gzip

from django.http import HttpRequest, HttpResponse

from services.desk.models import Paper

PAPER_KEY = "paper"


def paper_of(request: HttpRequest) -> Paper:
    """The paper chosen now, or the one chosen before in this session; A5 at first."""
    asked = (request.POST if request.method == "POST" else request.GET).get("paper", "")
    if asked in Paper.values:
        if request.session.get(PAPER_KEY) != asked:
            request.session[PAPER_KEY] = asked
        return Paper(asked)
    kept = request.session.get(PAPER_KEY, "")
    return Paper(kept) if kept in Paper.values else Paper.A5


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A PDF that opens in the browser."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def picture_response(request: HttpRequest, content: bytes) -> HttpResponse:
    """An SVG, packed when the browser can unpack it: a fifth of the bytes on a weak line."""
    is_packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        gzip.compress(content, 6) if is_packed else content, content_type="image/svg+xml"
    )
    if is_packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    return response
