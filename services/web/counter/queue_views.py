"""The queue of an office: tabs, filters in the address, and one press for many rows."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.errors import DomainError, NotFound
from services.casework.actions import take_file
from services.casework.queues import Filters, Position, Tab, queue_counts, queue_page
from services.requests.actions import advance_request
from services.requests.codes import parse_code
from services.requests.models import ServiceRequest
from services.requests.queries import request_by_code
from services.web.access import StaffRequest, needs
from services.web.counter.queue_lines import lines_of, tab_name
from services.web.counter.queue_table import choices_of, chosen_among, rows_html
from tenants import clock

MOST_ROWS = 50
LONGEST_FILTER = 100
# Names the tabs had; people keep addresses.
FORMER = {"open": Tab.OFFICE, "running": Tab.OFFICE, "waiting": Tab.PAUSED}


@needs(Verb.VIEW_QUEUE)
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """List what waits at this office, the least legal time left first.

    For htmx only the part that changes: the tabs with fresh counts, the filters, the lines.
    """
    now, tab = clock.now(), _tab(request.GET.get("tab", ""))
    counts = queue_counts(request.actor, office_id=request.desk.id, now=now)
    context: dict[str, Any] = {
        "tab": tab.value,
        "tab_name": tab_name(tab),
        "tabs": [(each.value, tab_name(each), counts[each]) for each in Tab],
        "office": request.desk,
        "here": "queue",
    }
    context |= _listed(request, tab, now)
    htmx = request.htmx  # type: ignore[attr-defined]
    is_part = htmx and not htmx.history_restore_request
    response = render(request, "counter/_queue.html" if is_part else "counter/queue.html", context)
    response["Vary"] = "HX-Request"
    return response


def _listed(request: StaffRequest, tab: Tab, now: datetime) -> dict[str, Any]:
    asked = _asked(request.GET)
    page = queue_page(
        request.actor,
        tab,
        office_id=request.desk.id,
        now=now,
        filters=_filters(asked),
        after=_position(request.GET.get("after", "")),
    )
    kept = {"tab": tab.value, **asked}
    return {
        "rows": rows_html(lines_of(page.lines, actor=request.actor, now=now)),
        "choices": chosen_among(choices_of(request.desk.kind, on=clock.local_day(now)), asked),
        "asked": asked,
        "here_query": urlencode(kept),
        "following": urlencode({**kept, "after": _text(page.following)}) if page.following else "",
        "is_later_page": "after" in request.GET,
        "may_advance": request.actor.may(Verb.ADVANCE, office_id=request.desk.id),
        "may_take": request.actor.may(Verb.TAKE_FILE, office_id=request.desk.id),
    }


@needs(Verb.ADVANCE)
@require_POST
def advance_many(request: StaffRequest) -> HttpResponse:
    """Finish the current stage of every row that was ticked."""

    def advance(found: ServiceRequest, seen: int) -> str:
        advance_request(found.pk, by=request.actor, seen_visit_id=seen)
        return _("The stage is done.")

    return _many(request, advance)


@needs(Verb.TAKE_FILE)
@require_POST
def take_many(request: StaffRequest) -> HttpResponse:
    """Take every row that was ticked."""

    def take(found: ServiceRequest, seen: int) -> str:
        take_file(found.pk, by=request.actor, seen_visit_id=seen)
        return _("The file is yours.")

    return _many(request, take)


def _many(request: StaffRequest, act: Callable[[ServiceRequest, int], str]) -> HttpResponse:
    """Act on each row by itself: what one row refuses does not keep the others."""
    rows = [row.partition("~")[::2] for row in request.POST.getlist("row")[:MOST_ROWS]]
    results = [(code, *_one(request, code, seen, act)) for code, seen in rows]
    done = sum(is_done for _code, is_done, _told in results)
    context = {
        "results": results,
        "done": done,
        "refused": len(results) - done,
        "back": urlencode({"tab": _tab(request.POST.get("tab", "")).value}),
        "office": request.desk,
        "here": "queue",
    }
    return render(request, "counter/queue_done.html", context)


def _one(
    request: StaffRequest, code: str, seen: str, act: Callable[[ServiceRequest, int], str]
) -> tuple[bool, str]:
    try:
        parsed = parse_code(code)
        if parsed is None or not seen.isdecimal():
            raise NotFound
        return True, act(request_by_code(request.actor, parsed), int(seen))
    except DomainError as error:
        return False, str(error.message)


def _tab(name: str) -> Tab:
    return Tab(name) if name in set(Tab) else FORMER.get(name, Tab.ROLE)


def _asked(given: QueryDict) -> dict[str, str]:
    """The filters as they stand in the address, without the empty ones."""
    names = ("service", "stage", "sector", "text")
    texts = {
        name: given.get(name, "").replace("\x00", "").strip()[:LONGEST_FILTER] for name in names
    }
    return {name: text for name, text in texts.items() if text}


def _filters(asked: dict[str, str]) -> Filters:
    return Filters(
        service_id=_number(asked.get("service", "")),
        sector_id=_number(asked.get("sector", "")),
        stage=asked.get("stage", ""),
        text=asked.get("text", ""),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _text(position: Position) -> str:
    due_at, last_id = position
    return f"{'' if due_at is None else due_at.isoformat()}~{last_id}"


def _position(text: str) -> Position | None:
    due, _tilde, last_id = text.partition("~")
    number = _number(last_id)
    try:
        return None if number is None else (datetime.fromisoformat(due) if due else None, number)
    except ValueError:
        return None
