"""Complaining to the citizens' office, and following a complaint by its own code."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from owso.accounts.access import public
from owso.errors import DomainError, Invalid, NotFound
from owso.formats import local_datetime, local_day, name_of
from owso.middleware import status_of
from services.casework.tokens import format_token, parse_token
from services.documents.checking import check_size
from services.requests.codes import format_code, parse_code
from services.voice.actions import Grievance, add_information
from services.voice.actions import complain as take_complaint
from services.voice.kinds import About, VoiceLimits
from services.voice.models import Complaint
from services.voice.queries import complaint_by_code, words_of
from services.web.portal.answers import UNSEEN, found_by, page
from services.web.voice.answering import (
    may_look,
    may_speak,
    miss,
    province_of,
    spoke_too_often,
    too_often,
)
from tenants import clock
from tenants.context import as_portal, in_province
from tenants.models import Province


@public
@csrf_exempt  # Nobody is signed in here, and phones keep forms open for days.
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Ask what happened, or take the complaint and lead to its page."""
    if request.method != "POST":
        return page("voice/complain.html", _form(request.GET.get("code", "")[:60]))
    if not (may_look(request) and may_speak(request)):
        return spoke_too_often(request)
    try:
        province, tracking_code = _addressed(request)
        grievance = _grievance(request, tracking_code)
        with in_province(province):
            complaint = take_complaint(grievance)
    except DomainError as error:
        fields = error.fields if isinstance(error, Invalid) else {}
        context = _form(request.POST.get("code", "")[:60], request)
        context |= {"trouble": error.message, "fields": fields}
        return page("voice/complain.html", context, status=status_of(error))
    address = f"/c/{format_token(complaint.code)}?new=1"
    return HttpResponseRedirect(address, headers=UNSEEN)


@public
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a complaint, or go to its page."""
    typed = request.GET.get("code", "")
    code = parse_token(typed)
    if code is not None:
        return HttpResponseRedirect(f"/c/{format_token(code)}", headers=UNSEEN)
    return miss(request, "voice/no_complaint.html") if typed else page("voice/find.html", {})


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, typed: str) -> HttpResponse:
    """Show what was said in a complaint to whoever holds its code, or take what was asked for."""
    if not may_look(request):
        return too_often(request)
    code = parse_token(typed)
    province = province_of(code)
    if code is None or province is None:
        return miss(request, "voice/no_complaint.html")
    if request.method == "POST" and not may_speak(request):
        return spoke_too_often(request)
    with in_province(province):
        try:
            return _followed(request, code, province)
        except NotFound:
            return miss(request, "voice/no_complaint.html")


def _followed(request: HttpRequest, code: str, province: Province) -> HttpResponse:
    context: dict[str, object] = {"text": request.POST.get("text", "")}
    status = 200
    if request.method == "POST":
        try:
            add_information(code, request.POST.get("text", ""))
            return HttpResponseRedirect(f"/c/{format_token(code)}", headers=UNSEEN)
        except NotFound:
            raise
        except DomainError as error:
            fields = error.fields if isinstance(error, Invalid) else {}
            context |= {"trouble": error.message, "fields": fields}
            status = status_of(error)
    complaint = complaint_by_code(code)
    context |= _told(complaint, province) | {"is_new": "new" in request.GET}
    return page("voice/complaint.html", context, status=status)


def _told(complaint: Complaint, province: Province) -> dict[str, object]:
    return {
        "code": format_token(complaint.code),
        "province": name_of(province),
        "about": complaint.get_about_display(),
        "received": local_datetime(complaint.received_at),
        "answer_by": local_day(complaint.due_at, "year"),
        "tone": _tone(complaint),
        "state": _state(complaint),
        "is_open": not complaint.is_closed,
        "is_waiting": complaint.is_waiting,
        "words": words_of(complaint),
        "files": complaint.files.count(),
        "request_code": format_code(complaint.request.tracking_code) if complaint.request else "",
    }


def _tone(complaint: Complaint) -> str:
    if complaint.is_closed:
        return "done"
    if complaint.is_waiting:
        return "waiting"
    return "late" if complaint.is_late(clock.now()) else "on-time"


def _state(complaint: Complaint) -> str:
    if complaint.is_waiting or complaint.is_closed:
        return str(complaint.get_outcome_display())
    if complaint.is_late(clock.now()):
        return _("The answer is late. The provincial administration has been told.")
    return str(complaint.get_outcome_display()) if complaint.outcome else _("Received")


def _form(code: str, request: HttpRequest | None = None) -> dict[str, object]:
    given: Mapping[str, Any] = request.POST if request else {}
    with as_portal():
        provinces = list(Province.objects.order_by("sort_order"))
    parsed = parse_code(code)
    return {
        "code": format_code(parsed) if parsed else code,
        "provinces": [(each.code, name_of(each)) for each in provinces],
        "abouts": About.choices,
        "given": {name: given.get(name, "") for name in ("text", "about", "contact", "province")},
        "most_files": VoiceLimits.FILES,
        "text_max": VoiceLimits.TEXT_MAX,
        "contact_max": VoiceLimits.CONTACT_MAX,
        "days": VoiceLimits.ANSWER_DAYS,
    }


def _addressed(request: HttpRequest) -> tuple[Province, str]:
    """Find the province of a complaint: by the code of a request, or as chosen."""
    typed = request.POST.get("code", "").strip()
    if not typed:
        province = province_of(request.POST.get("province", "")[:2] or None)
        if province is None:
            message = _("Choose the province, or give the code of your request.")
            raise Invalid("province_missing", message, fields={"province": message})
        return province, ""
    found = found_by(parse_code(typed))
    if found is not None:
        return found.province, found.seen.tracking_code
    message = _("There is no request with this code. Correct it, or leave it out.")
    raise Invalid("code_unknown", message, fields={"code": message})


def _grievance(request: HttpRequest, tracking_code: str) -> Grievance:
    files = [(str(file.name), file.read()) for file in request.FILES.getlist("files")]
    if not files and request.POST.get("text") is None:
        # A form that does not fit is dropped on its way; the length tells.
        check_size(int(request.META.get("CONTENT_LENGTH") or 0))
    return Grievance(
        text=request.POST.get("text", ""),
        about=request.POST.get("about", ""),
        tracking_code=tracking_code,
        contact=request.POST.get("contact", ""),
        files=files,
    )
