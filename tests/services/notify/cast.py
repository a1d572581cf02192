"""People who follow, and the hands that bring their messages to them."""

import json
import re
from datetime import timedelta

from services.notify.actions import ask_by_sms, confirm_by_digits, follow_by_chat, send_due, tell
from services.notify.models import Following, Message
from services.notify.tokens import TELEGRAM, new_token, read_token
from services.requests.models import ServiceRequest
from tenants import clock
from tenants.context import current_province

TELEGRAM_SECRET, HOOK_TOKEN = "bot-secret", "sms-secret"
PHONE, NUMBER = "012 345 678", "+85512345678"
CHAT = 4711


def chat_follows(request: ServiceRequest, chat_id: int = CHAT, language: str = "en") -> Following:
    """Follow by Telegram, as the bot does when Start was pressed."""
    until = clock.now() + timedelta(hours=1)
    body = f"{request.tracking_code}{language}".encode()
    text = new_token(TELEGRAM, current_province().code, body, expires_at=until)
    token = read_token(TELEGRAM, text)
    return follow_by_chat(token, chat_id, tracking_code=request.tracking_code, language=language)


def phone_follows(request: ServiceRequest, phone: str = PHONE, language: str = "km") -> Following:
    """Follow by SMS, with the digits that were written for the phone."""
    following = ask_by_sms(request.tracking_code, phone, language=language)
    asked = Message.objects.filter(following=following).latest("pk")
    digits = re.search(r"\d{6}", asked.text)[0]
    Message.objects.filter(pk=asked.pk).delete()
    return confirm_by_digits(following.pk, digits)


def carry(*channels: str) -> None:
    """Look for news and send them."""
    tell()
    for channel in channels or ("sms", "telegram", "push", "email"):
        send_due(channel)


def as_json(text: object) -> str:
    return json.dumps(text)
