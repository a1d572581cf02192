"""Personal data as a page or a slip may show it; nothing is taken here without a trace.

A page is begun by `page_of` (every view declared with `needs` is). Every request it opens, and
whatever the functions below hand out, is noted there and written as a reading when the view
has made its page, before the page is sent. Outside such a page they raise LookupError.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from owso.audit.models import Reading
from services.offices.actors import Actor
from services.requests.accesses import Read, record_reads
from services.requests.models import ServiceRequest
from tenants import sealing

SHOWN = 3
# Addresses that read otherwise than by showing the file.
_KINDS = {
    **dict.fromkeys(("slip", "print_slips", "printed", "printed_picture"), Reading.SLIP),
    "outcome": Reading.DOCUMENT,
}


@dataclass(slots=True)
class _Page:
    kind: Reading
    opened: list[ServiceRequest] = field(default_factory=list)
    reads: dict[tuple[int, Reading, str], Read] = field(default_factory=dict)


_page: ContextVar[_Page | None] = ContextVar("page", default=None)


@contextmanager
def reading(actor: Actor, kind: Reading = Reading.FILE) -> Iterator[None]:
    """Let personal data be taken by this actor, and record whose it was.

    When what happens inside fails nothing was shown, and nothing is recorded.
    """
    page = _Page(kind)
    token = _page.set(page)
    try:
        yield
    finally:
        _page.reset(token)
    record_reads(actor, list(page.reads.values()))


@contextmanager
def page_of(request: HttpRequest) -> Iterator[None]:
    """Let the page of a signed-in member of staff show personal data, and record it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    with reading(actor, _kind(request)):
        yield


def note(request: ServiceRequest, kind: Reading | None = None, detail: str = "") -> None:
    """Note that a request's personal data is taken; `kind` None is the page's own kind."""
    page = _page.get()
    if page is None:
        raise LookupError("Personal data was asked for outside every recorded page.")
    found = Read(request, kind or page.kind, detail)
    page.reads.setdefault((request.pk, found.kind, detail), found)


def opened(request: ServiceRequest) -> ServiceRequest:
    """Return a request that a page was asked for, and note it: showing it will be a reading."""
    if (page := _page.get()) is not None:
        page.opened.append(request)
    return request


def answered(request: HttpRequest, response: HttpResponseBase) -> None:
    """Note what was opened as read when the answer shows something: no redirect, no bare word."""
    page = _page.get()
    is_page = not response.get("Content-Type", "").startswith("text/plain")
    has_content = response.streaming or bool(getattr(response, "content", b""))
    if page is None or request.method == "HEAD" or not (is_page and has_content):
        return
    read = {request_id for request_id, _kind, _detail in page.reads}
    for found in page.opened:
        if found.pk not in read:
            note(found)


def applicant_name(request: ServiceRequest) -> str:
    """The full name of the applicant; empty for a row of an older register without one."""
    note(request)
    return "" if request.applicant is None else request.applicant.full_name


def masked_phone(request: ServiceRequest) -> str:
    """The first and last three digits of the phone: 012 ••• 678; empty without one."""
    note(request)
    applicant = request.applicant
    if applicant is None or applicant.phone_sealed is None:
        return ""
    number = sealing.unseal(bytes(applicant.phone_sealed)).replace("+855", "0", 1)
    return f"{number[:SHOWN]} ••• {number[-SHOWN:]}"


def _kind(request: HttpRequest) -> Reading:
    match = request.resolver_match
    kind = _KINDS.get((match and match.url_name) or "", Reading.FILE)
    came_from = urlsplit(request.headers.get("Referer", "")).path
    if kind == Reading.FILE and came_from == reverse("find_request"):
        return Reading.FOUND
    return kind
