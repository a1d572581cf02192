"""The citizens' office at work: its list, one complaint, its answer; and the score card."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from owso.accounts.permissions import TABLE, Verb
from owso.audit.actions import record
from owso.errors import Conflict, DomainError, Invalid, NotFound
from owso.formats import local_day, name_of
from owso.middleware import status_of
from services.casework.tokens import format_token, parse_token
from services.documents.kinds import Kind
from services.offices.queries import offices
from services.requests.codes import format_code
from services.voice import queries
from services.voice.actions import answer_complaint, citizens_office
from services.voice.kinds import ComplaintOutcome, VoiceLimits
from services.voice.models import Complaint
from services.web.access import StaffRequest, needs
from services.web.flash import said, say
from tenants import clock

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
MOST = 200
CARD_DAYS = 365


@dataclass(frozen=True, slots=True)
class ComplaintLine:
    """One complaint in the list."""

    code: str
    about: str
    office: str
    due: str
    tone: str
    state: str


@needs(Verb.ANSWER_COMPLAINT)
@require_safe
def complaints(request: StaffRequest) -> HttpResponse:
    """List the open complaints, the most urgent first, or the closed ones, the newest first."""
    is_closed = request.GET.get("show") == "closed"
    rows = queries.complaints_for(request.actor).filter(closed_at__isnull=not is_closed)
    ordered = rows.order_by(*(["-closed_at", "-id"] if is_closed else ["due_at", "id"]))[:MOST]
    context = {
        "lines": [_line(complaint) for complaint in ordered],
        "is_closed": is_closed,
        "said": said(request),
        "office": request.desk,
        "here": "complaints",
    }
    return render(request, "voice/complaints.html", context)


@needs(Verb.ANSWER_COMPLAINT)
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: StaffRequest, typed: str) -> HttpResponse:
    """Show one complaint to the citizens' office, or take its answer."""
    found = _found(request, typed)
    if request.method != "POST":
        record("read_complaint", found, by=request.actor)
        return _page(request, found)
    try:
        answer_complaint(
            found.pk,
            by=request.actor,
            outcome=request.POST.get("outcome", ""),
            text=request.POST.get("text", ""),
            seen_version=_number(request.POST.get("version", "")),
        )
    except (Invalid, Conflict) as error:
        return _page(request, _found(request, typed), trouble=error)
    say(request, _("The answer is sent. The citizen reads it under the code of the complaint."))
    return redirect("office_complaint", format_token(found.code))


@needs(Verb.ANSWER_COMPLAINT)
@require_safe
def file(request: StaffRequest, typed: str, file_id: int) -> HttpResponse:
    """Give the content of a file to the citizens' office, and record who read it."""
    found = _found(request, typed)
    kept = queries.file_of(found, file_id)
    content = queries.content_of(kept)
    record("read_complaint_file", found, by=request.actor, file=kept.pk)
    response = HttpResponse(content, content_type=kept.kind)
    name = f"{format_token(found.code)}-{kept.pk}.{Kind(kept.kind).extension}"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@needs(Verb.SEE_VOICES)
@require_safe
def score_card_page(request: StaffRequest) -> HttpResponse:
    """Show the score card of the reader's offices, and how many complaints are late."""
    today = clock.today()
    seen = [each for each in offices() if request.actor.may(Verb.SEE_VOICES, office_id=each.id)]
    first = today - timedelta(days=CARD_DAYS)
    total, lines = queries.score_card([each.id for each in seen], first, today)
    is_told = any(Verb.MANAGE_OFFICES in TABLE[grant.role] for grant in request.actor.grants)
    is_told = is_told or request.actor.may(Verb.ANSWER_COMPLAINT, office_id=citizens_office())
    context = {
        "total": total,
        "lines": [(line, f"{line.mean:.1f}", round(line.mean * 20)) for line in lines],
        "fewest": queries.FEWEST_RATINGS,
        "names": ", ".join(name_of(each) for each in seen),
        "late": queries.late_count(clock.now()) if is_told else None,
        "office": request.desk,
        "here": "score_card",
    }
    return render(request, "voice/score_card.html", context)


def _found(request: StaffRequest, typed: str) -> Complaint:
    code = parse_token(typed)
    found = queries.complaints_for(request.actor).filter(code=code).first() if code else None
    if found is None:
        raise NotFound
    return found


def _page(
    request: StaffRequest, found: Complaint, *, trouble: DomainError | None = None
) -> HttpResponse:
    context = {
        "complaint": found,
        "line": _line(found),
        "words": queries.words_of(found),
        "contact": queries.contact_of(found),
        "files": [(file.pk, Kind(file.kind).label) for file in found.files.order_by("id")],
        "request_code": format_code(found.request.tracking_code) if found.request else "",
        "service": name_of(found.request.service) if found.request else "",
        "outcomes": ComplaintOutcome.choices,
        "given": request.POST,
        "trouble": trouble,
        "text_max": VoiceLimits.TEXT_MAX,
        "said": said(request),
        "office": request.desk,
        "here": "complaints",
    }
    status = status_of(trouble) if trouble else 200
    return render(request, "voice/office_complaint.html", context, status=status)


def _line(found: Complaint) -> ComplaintLine:
    tone, state = _state(found)
    return ComplaintLine(
        code=format_token(found.code),
        about=found.get_about_display(),
        office=name_of(found.office) if found.office else "",
        due=local_day(found.due_at),
        tone=tone,
        state=state,
    )


def _state(found: Complaint) -> tuple[str, str]:
    if found.is_closed:
        return "done", found.get_outcome_display()
    if found.is_waiting:
        return "waiting", _("Waiting for the citizen")
    if found.is_late(clock.now()):
        return "late", _("Late")
    return "on-time", found.get_outcome_display() if found.outcome else _("New")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
