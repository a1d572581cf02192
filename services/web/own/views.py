"""Asking for the four digits and showing the own file; nothing of it stays in any cache."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from owso.accounts.access import public
from owso.formats import duration
from owso.middleware import client_address
from services.citizens.files import DIGITS, OwnFile, digits_hash, own_file
from services.citizens.guessing import DigitsTry
from services.requests.codes import format_code, parse_code, province_of
from services.requests.khmer import arabic_digits, without_invisible
from services.web.own import passes
from services.web.own.page import page_of
from services.web.portal import lookups
from services.web.portal.answers import UNSEEN, page, too_often
from tenants.context import as_portal, province_by_code
from tenants.models import Province

MAX_TYPED = 40
PHONE_LENGTHS = range(8, 16)


@public
@csrf_exempt  # It changes nothing, the digits are the secret, and phones keep forms open for days.
@require_http_methods(["GET", "HEAD", "POST"])
def more(request: HttpRequest, typed: str) -> HttpResponse:
    """Ask for the digits; show the file to whoever gave the right ones a moment ago."""
    if not lookups.may_look_up(client_address(request)):
        return _wait(lookups.wait_minutes(client_address(request)), request)
    code = parse_code(typed)
    province = None if code is None else province_by_code(province_of(code))
    if code is None or province is None:
        # Whoever has a slip sees on the first page what is wrong with the code.
        return HttpResponseRedirect("/", headers=UNSEEN)
    if request.method == "POST":
        return _tried(request, code, province)
    hashed = passes.shown(request, code)
    found = None if hashed is None else _found(code, hashed, province)
    return _form(code) if found is None else _shown(code, found)


def _tried(request: HttpRequest, code: str, province: Province) -> HttpResponse:
    """Judge the digits; code and digits are one question, answered alike in every wrong case."""
    if "close" in request.POST:
        return _closed(code)
    digits = _digits(request.POST.get("digits", ""))
    if not digits:
        return _form(code, _("Type the last four digits of the phone number."), status=422)
    attempt = DigitsTry(client_address(request), code)
    if minutes := attempt.must_wait():
        return _wait(minutes, request)
    hashed = digits_hash(province, digits)
    if _found(code, hashed, province) is None:
        problem = _("Code and digits do not belong together. Compare both with your slip.")
        return _form(code, problem, status=404)
    attempt.was_right()
    response = _to(f"/t/{format_code(code)}/more")
    passes.give(response, code, hashed)
    return response


def _digits(typed: str) -> str:
    """The last four digits of what was typed: just these, or the whole number."""
    plain = arabic_digits(without_invisible(typed[:MAX_TYPED]))
    digits = "".join(char for char in plain if char.isascii() and char.isdigit())
    is_phone = len(digits) in PHONE_LENGTHS
    return digits[-DIGITS:] if is_phone or len(digits) == DIGITS else ""


def _found(code: str, hashed: bytes, province: Province) -> OwnFile | None:
    with as_portal():
        return own_file(code, hashed, schema_name=province.schema_name)


def _closed(code: str) -> HttpResponse:
    response = _to(f"/t/{format_code(code)}")
    passes.take_back(response)
    return response


def _to(address: str) -> HttpResponse:
    """Go on by GET, so that going back never sends the digits again."""
    return HttpResponse(status=303, headers={"Location": address, **UNSEEN})


def _form(code: str, problem: str = "", *, status: int = 200) -> HttpResponse:
    return _page("own/ask.html", code, status=status, problem=problem)


def _shown(code: str, found: OwnFile) -> HttpResponse:
    minutes = passes.SECONDS // 60
    return _page("own/file.html", code, page=page_of(found), minutes=minutes)


def _page(template: str, code: str, *, status: int = 200, **context: object) -> HttpResponse:
    return page(template, {"code": format_code(code), **context}, status=status)


def _wait(minutes: int, request: HttpRequest) -> HttpResponse:
    text = _("To keep your data safe, the next try is possible in %(time)s.")
    return too_often(request, text % {"time": duration(minutes)}, minutes)
