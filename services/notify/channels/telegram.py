"""Telegram's Bot API: messages with a button that ends them."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from services.notify.channels.http import LONGEST_WAIT_S, TOO_MANY, post_json
from services.notify.channels.parcels import GoneError, LaterError, Parcel, RefusedError

FORBIDDEN, UNKNOWN_TOKEN, NOT_FOUND = 403, 401, 404


class Telegram:
    """The bot of this installation; the address is the number of a chat."""

    name = "telegram"

    def send(self, parcel: Parcel) -> str:
        """Send a message to a chat.

        The Bot API knows no reference of ours: of an answer that was lost, the message comes again.
        """
        url = f"{settings.TELEGRAM_URL}/bot{settings.TELEGRAM_TOKEN}/sendMessage"
        answer = post_json(url, message_of(parcel))
        told = answer.json()
        if told.get("ok") is True:
            result = told.get("result")
            return str(result.get("message_id", "")) if isinstance(result, dict) else ""
        raise _trouble(told, answer.status)


def message_of(parcel: Parcel) -> dict[str, Any]:
    """Return the message as the interface takes it."""
    body: dict[str, Any] = {
        "chat_id": int(parcel.address),
        "text": parcel.text,
        "link_preview_options": {"is_disabled": True},
    }
    if parcel.stop_token:
        body["reply_markup"] = stop_button(parcel.stop_token, parcel.language)
    return body


def stop_button(stop_token: str, language: str) -> dict[str, Any]:
    """Return the button under a message that ends its following."""
    with translation.override(language):
        text = _("Stop these messages")
    return {"inline_keyboard": [[{"text": text, "callback_data": f"stop:{stop_token}"}]]}


def _trouble(told: dict[str, Any], status: int) -> Exception:
    code = told.get("error_code", status)
    about = str(told.get("description", "")).lower()
    if code == TOO_MANY:
        found = told.get("parameters")
        wait = found.get("retry_after", 30) if isinstance(found, dict) else 30
        return LaterError("too_many", timedelta(seconds=min(int(wait), LONGEST_WAIT_S)))
    if code == FORBIDDEN or "chat not found" in about:
        return GoneError("chat_closed")
    if code in {UNKNOWN_TOKEN, NOT_FOUND}:
        return LaterError("bot_unknown")
    return RefusedError(f"telegram_{code}")
