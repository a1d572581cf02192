"""The privacy notice in plain words, and the copy of one's data for its one-time code."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from owso.accounts.access import public
from owso.middleware import client_address
from services.casework.tokens import format_token, parse_token
from services.privacy.actions import take_copy
from services.privacy.notice import NEWEST, VERSIONS
from services.retention.queries import rules_in_force
from services.retention.rules import DataKind
from services.web.portal import answers, lookups
from services.web.portal.answers import UNSEEN, page
from tenants.context import portal_of, province_by_code

OF_CITIZENS = frozenset(
    {
        DataKind.APPLICANTS,
        DataKind.FILES,
        DataKind.SCANS,
        DataKind.OUTCOMES,
        DataKind.MONEY,
        DataKind.CONSENTS,
        DataKind.DRAFTS,
        DataKind.READINGS,
        DataKind.COPIES,
        DataKind.MESSAGES,
        DataKind.COMPLAINTS,
    }
)
"""What is about citizens; the other kinds are about staff and the running of an office."""


@public
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """Say who keeps what, what for, how long, whom to ask; `?version=` shows an older wording."""
    version = VERSIONS.get(request.GET.get("version", ""), NEWEST)
    mine = [each for each in rules_in_force() if each.rule.kind in OF_CITIZENS]
    context = {
        "version": version,
        "is_newest": version is NEWEST,
        "periods": [each for each in mine if each.days is not None],
        "kept": [each for each in mine if each.days is None],
    }
    return page("privacy/notice.html", context)


@public
@csrf_exempt  # Whoever has the code has the data; phones keep forms open for days.
@require_http_methods(["GET", "HEAD", "POST"])
def fetch(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a copy, and give the copy for it, once."""
    if request.method != "POST":
        return page("privacy/fetch.html", {})
    address = client_address(request)
    if not lookups.may_look_up(address):
        return _too_often(request)
    token = parse_token(request.POST.get("code", ""))
    package = None if token is None else _taken(token)
    if token is None or package is None:
        if not lookups.may_miss(address):
            return _too_often(request)
        return page("privacy/fetch.html", {"is_unknown": True}, status=404)
    response = HttpResponse(package, content_type="application/zip", headers=UNSEEN)
    name = f"owso-data-{format_token(token)[:2]}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _taken(token: str) -> bytes | None:
    province = province_by_code(token[:2])
    if province is None:
        return None
    with portal_of(province):
        return take_copy(token)


def _too_often(request: HttpRequest) -> HttpResponse:
    text = _("Too many tries from one place. Please try again in a few minutes.")
    return answers.too_often(request, text)
