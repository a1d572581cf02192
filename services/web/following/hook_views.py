"""The doors at which Telegram and the SMS gateways call; each shows a secret first."""

import hmac
import json
import re
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from owso.accounts.access import public
from services.notify.actions import note_receipt
from services.notify.tokens import receipt_mac
from services.web.following.conversations import answered_chat, heard_sms
from tenants.context import in_province, province_by_code

logger = structlog.get_logger(__name__)
TAKEN = "ACK/Jasmin"
"""The words by which an SMS gateway knows that we have it and need not be told again."""
REMEMBERED_S = 2 * 86_400
MOST_BYTES = 65_536
_REFERENCE = re.compile(r"(\d{2})([0-9a-f]{32})")


@public
@csrf_exempt
@require_POST
def telegram(request: HttpRequest) -> HttpResponse:
    """Take an update of the bot, each once; the answer to it is the answer to the person."""
    shown = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not _is_same(shown, settings.TELEGRAM_SECRET):
        return _forged("telegram")
    update = _object(request.body)
    number = update.get("update_id")
    if not isinstance(number, int) or not _is_new(f"telegram-{number}"):
        return JsonResponse({})
    try:
        return JsonResponse(answered_chat(update) or {})
    except Exception:
        _try_again(f"telegram-{number}")
        raise


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
def sms(request: HttpRequest, token: str) -> HttpResponse:
    """Take what somebody wrote to our number, each message once."""
    if not _is_same(token, settings.SMS_HOOK_TOKEN):
        return _forged("sms")
    told = request.POST if request.method == "POST" else request.GET
    number, text = told.get("from", ""), told.get("content", "") or told.get("text", "")
    key = f"sms-{told.get('id', '')[:100]}"
    if told.get("id") and not _is_new(key):
        return HttpResponse(TAKEN, content_type="text/plain")
    try:
        heard_sms(number, text)
    except Exception:
        _try_again(key)
        raise
    return HttpResponse(TAKEN, content_type="text/plain")


@public
@csrf_exempt
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, reference: str, mac: str) -> HttpResponse:
    """Take the news of one message: its address holds what only we and the gateway know."""
    parts = _REFERENCE.fullmatch(reference)
    province = None if parts is None else province_by_code(parts[1])
    if parts is None or province is None or not _is_same(mac, receipt_mac(parts[1], reference)):
        return _forged("receipt")
    told = request.POST if request.method == "POST" else request.GET
    status = told.get("message_status", "") or told.get("status", "")
    with in_province(province):
        note_receipt(UUID(parts[2]), status)
    return HttpResponse(TAKEN, content_type="text/plain")


def _is_same(shown: str, secret: str) -> bool:
    return bool(secret) and hmac.compare_digest(shown.encode(), secret.encode())


def _forged(door: str) -> HttpResponse:
    logger.warning("forged_hook", door=door)
    return HttpResponseForbidden("forbidden", content_type="text/plain")


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body[:MOST_BYTES])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_new(key: str) -> bool:
    """Tell whether this was never seen; without Valkey nothing is taken, and it comes again."""
    return bool(cache.add(f"hook-{key}", 1, timeout=REMEMBERED_S))


def _try_again(key: str) -> None:
    cache.delete(f"hook-{key}")
