"""Choosing how to be told, and confirming it.

The forms carry no CSRF token: nobody is signed in, whoever holds the code may do all this, and
phones keep pages open for days.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from owso.accounts.access import public
from owso.errors import DomainError, Invalid
from owso.formats import language
from owso.middleware import status_of
from services.catalogue.queries import terms
from services.notify.actions import (
    ask_by_email,
    ask_by_sms,
    confirm_by_digits,
    confirm_by_link,
    follow_by_push,
)
from services.notify.actions.writing import CODE_LIVES
from services.notify.channels import open_channels
from services.notify.channels.push import public_key
from services.notify.kinds import Channel
from services.notify.models import Following
from services.notify.tasks import enqueue_sending
from services.notify.texts import own_link
from services.notify.tokens import EMAIL, TELEGRAM, TYPED, Token, new_token, read_token
from services.requests.codes import format_code
from services.requests.states import CLOSED
from services.web.following.doors import looked_up, may_ask, too_often
from services.web.portal.answers import UNSEEN, Found, page
from tenants import clock
from tenants.context import in_province, province_by_code

START_LIVES = timedelta(hours=2)
MOST_PUSH_BYTES = 4_096


@public
@require_safe
def choose(request: HttpRequest, typed: str) -> HttpResponse:
    """Show the ways to be told that this installation has."""
    found = looked_up(request, typed)
    if isinstance(found, HttpResponse):
        return found
    return _choose_page(found)


@public
@csrf_exempt
@require_POST
def by_sms(request: HttpRequest, typed: str) -> HttpResponse:
    """Send six digits to a number and go on to where they are typed."""

    def ask(found: Found) -> HttpResponse:
        following = ask_by_sms(
            found.seen.tracking_code, request.POST.get("phone", ""), language=language()
        )
        enqueue_sending(Channel.SMS)
        token = new_token(
            TYPED,
            found.province.code,
            following.pk.to_bytes(8, "big"),
            expires_at=clock.now() + CODE_LIVES,
        )
        return HttpResponseRedirect(reverse("follow_digits", args=[token]), headers=UNSEEN)

    return _asked(request, typed, ask)


@public
@csrf_exempt
@require_POST
def by_email(request: HttpRequest, typed: str) -> HttpResponse:
    """Send a link to an address and say so."""

    def ask(found: Found) -> HttpResponse:
        ask_by_email(found.seen.tracking_code, request.POST.get("email", ""), language=language())
        enqueue_sending(Channel.EMAIL)
        return page("following/mail_sent.html", _head(found))

    return _asked(request, typed, ask)


@public
@csrf_exempt
@require_POST
def by_push(request: HttpRequest, typed: str) -> HttpResponse:
    """Take the subscription of a browser; answers in JSON to the page's script."""
    found = looked_up(request, typed)
    if isinstance(found, HttpResponse) or not may_ask(request):
        return JsonResponse({"message": _("Please try again later.")}, status=429)
    try:
        told: Any = json.loads(request.body[:MOST_PUSH_BYTES])
        with in_province(found.province) as province:
            following = follow_by_push(
                found.seen.tracking_code,
                told if isinstance(told, dict) else {},
                language=language(),
            )
    except ValueError:
        return JsonResponse({"message": _("Please try again later.")}, status=400)
    except DomainError as error:
        return JsonResponse({"message": str(error.message)}, status=status_of(error))
    return JsonResponse({"own": own_link(province.code, following.pk)}, status=201)


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def digits(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the digits of the SMS, and confirm the number by them."""
    known = read_token(TYPED, token)
    if known is None:
        return _over()
    if request.method != "POST":
        return page("following/digits.html", {"token": token})
    typed = request.POST.get("digits", "")
    try:
        following = _in_its_province(
            known, lambda: confirm_by_digits(int.from_bytes(known.body, "big"), typed)
        )
    except Invalid as error:
        return page("following/digits.html", {"token": token, "error": error.message}, status=422)
    return _followed(known, following)


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def mailed(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an e-mail address: by a button, as mail programs open links by themselves."""
    known = read_token(EMAIL, token)
    if known is None:
        return _over()
    if request.method != "POST":
        return page("following/mailed.html", {"token": token})
    following = _in_its_province(known, lambda: confirm_by_link(known))
    return _followed(known, following)


@public
@require_safe
@cache_control(max_age=3600)
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the script that shows notices; it must lie at the root to reach every page of ours."""
    script = (settings.BASE_DIR / "services/web/following/worker.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def _asked(request: HttpRequest, typed: str, ask: Callable[[Found], HttpResponse]) -> HttpResponse:
    """Do what a form asks for; what is wrong with it stands beside its field."""
    found = looked_up(request, typed)
    if isinstance(found, HttpResponse):
        return found
    if not may_ask(request):
        return too_often(request)
    try:
        with in_province(found.province):
            return ask(found)
    except Invalid as error:
        return _choose_page(found, wrong=error, typed=request.POST.dict(), status=422)


def _choose_page(
    found: Found,
    *,
    wrong: Invalid | None = None,
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    channels = open_channels()
    context = _head(found) | {
        "is_finished": found.seen.state in CLOSED,
        "channels": [str(channel) for channel in channels],
        "telegram": _start_link(found) if Channel.TELEGRAM in channels else "",
        "push_key": public_key() if Channel.PUSH in channels else "",
        "script": static("following/follow.js"),
        "wrong": wrong.fields if wrong else {},
        "typed": typed or {},
        "sms_number": settings.SMS_NUMBER,
    }
    return page("following/choose.html", context, status=status)


def _head(found: Found) -> dict[str, object]:
    return {
        "code": format_code(found.seen.tracking_code),
        "service": terms(found.seen.service_version_id).name,
    }


def _start_link(found: Found) -> str:
    """The link that opens the bot: it names the request and works once, for two hours."""
    body = f"{found.seen.tracking_code}{language()}".encode()
    expires_at = clock.now() + START_LIVES
    token = new_token(TELEGRAM, found.province.code, body, expires_at=expires_at)
    return f"{settings.TELEGRAM_PAGES}/{settings.TELEGRAM_BOT}?start={token}"


def _in_its_province(token: Token, act: Callable[[], Following]) -> Following:
    province = province_by_code(token.province_code)
    assert province is not None  # it signed the token
    with in_province(province):
        return act()


def _followed(token: Token, following: Following) -> HttpResponse:
    link = own_link(token.province_code, following.pk)
    return HttpResponseRedirect(link.removeprefix(settings.PUBLIC_URL), headers=UNSEEN)


def _over() -> HttpResponse:
    return page("following/over.html", status=410)
