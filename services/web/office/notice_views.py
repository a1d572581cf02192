"""Notices for me: a stage and its limit, a closed day; read once, then out of the way."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.formats import local_datetime, local_day, name_of
from services.escalation.queries import NoticeRow, notices_of
from services.escalation.telling import read_notices
from services.offices.queries import office
from services.requests.codes import format_code
from services.web.access import StaffRequest, needs
from services.web.flash import said, say
from services.web.office.asked import number_asked


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice in words; `code` leads to its file, if it has one."""

    id: int
    tone: str
    text: str
    about: str
    code: str
    at: str
    is_read: bool


@needs(Verb.VIEW_REQUEST)
@require_safe
def notices(request: StaffRequest) -> HttpResponse:
    """List one's own notices, newest first."""
    page = notices_of(request.actor.user_id or 0, after=number_asked(request, "after"))
    context = {
        "lines": [_line(row) for row in page.rows],
        "following": page.following,
        "said": said(request),
        "office": request.desk,
        "here": "notices",
    }
    return render(request, "office/notices.html", context)


@needs(Verb.VIEW_REQUEST)
@require_POST
def read(request: StaffRequest) -> HttpResponse:
    """Mark one notice as read, or all."""
    given = request.POST.get("notice", "")
    notice_id = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
    count = read_notices(by=request.actor, notice_id=notice_id if given else None)
    if count:
        text = ngettext("%(count)s notice is read.", "%(count)s notices are read.", count)
        say(request, text % {"count": count})
    return redirect("notices")


def _line(row: NoticeRow) -> NoticeLine:
    if row.closure is not None or row.reopened is not None:
        return _day_line(row)
    tone = "done" if row.is_over else "soon" if row.step < 0 else "late"
    about = f"{row.service_name} · {name_of(office(row.office_id))}"
    code = format_code(row.tracking_code)
    at = local_datetime(row.created_at)
    return NoticeLine(row.id, tone, _stage_text(row), about, code, at, row.is_read)


def _stage_text(row: NoticeRow) -> str:
    assert row.limit_at is not None
    words = {"stage": row.stage_name, "limit": local_datetime(row.limit_at), "days": abs(row.step)}
    if row.is_over:
        return _("“%(stage)s” has been finished since.") % words
    if row.step < 0:
        return _("“%(stage)s” is due by %(limit)s.") % words
    if row.step == 0:
        return _("“%(stage)s” has reached its limit: %(limit)s.") % words
    text = ngettext(
        "“%(stage)s” is %(days)s working day past its limit: %(limit)s.",
        "“%(stage)s” is %(days)s working days past its limit: %(limit)s.",
        row.step,
    )
    return text % words


def _day_line(row: NoticeRow) -> NoticeLine:
    """A day on which an office stays closed, or works after all."""
    if row.closure is not None:
        office_id = row.closure.office_id
        words = {"day": local_day(row.closure.day, "long"), "reason": row.closure.reason}
        text = _("The office is closed on %(day)s: %(reason)s.") % words
    else:
        office_id = row.office_id
        words = {"day": local_day(row.reopened, "long") if row.reopened else ""}
        text = _("The office works on %(day)s after all: the closed day was taken back.") % words
    moved = ngettext(
        "%(count)s open deadline was moved.", "%(count)s open deadlines were moved.", row.moved
    ) % {"count": row.moved}
    about = f"{name_of(office(office_id))} · {moved}"
    return NoticeLine(
        row.id, "waiting", text, about, "", local_datetime(row.created_at), row.is_read
    )
