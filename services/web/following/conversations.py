"""What a person is answered who writes to the bot or to our number."""

import hashlib
from typing import Any

import structlog
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from owso.errors import DomainError
from services.catalogue.queries import terms
from services.notify.actions import (
    allow_again,
    answer_by_sms,
    end_chat,
    end_following,
    follow_by_chat,
    refuse_address,
)
from services.notify.asking import Word, code_in, language_in, word_in
from services.notify.channels.telegram import stop_button
from services.notify.kinds import Channel
from services.notify.sms import fits
from services.notify.tasks import enqueue_sending
from services.notify.tokens import TELEGRAM, read_stop_token, read_token, stop_token
from services.offices.calendars import calendar_seen
from services.requests.codes import CODE_LENGTH, province_of
from services.requests.models import ServiceRequest
from services.requests.texts import Fields, clean_phone
from services.web.portal import lookups
from services.web.portal.answers import Found, found_by
from services.web.portal.page import Case, page_of
from tenants import clock
from tenants.context import as_portal, each_province, in_province, province_by_code

logger = structlog.get_logger(__name__)
Reply = dict[str, Any]


def answered_chat(update: dict[str, Any]) -> Reply | None:
    """Return the bot's answer to an update as a call of its interface; None for silence."""
    pressed = update.get("callback_query")
    if isinstance(pressed, dict):
        return _pressed(pressed)
    message = update.get("message")
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(chat, dict):
        return None
    chat_id, text = chat.get("id"), message.get("text")
    # A group is not one person: whoever wrote it in would decide for all others.
    if chat.get("type") != "private" or not isinstance(chat_id, int):
        return None
    return _said(chat_id, text if isinstance(text, str) else "")


def heard_sms(number: str, text: str) -> None:
    """Do what somebody asks by SMS: stop, start again, or where a request stands."""
    fields = Fields()
    phone = clean_phone(f"+{number.lstrip('+')}", field="from", fields=fields)
    if fields.wrong or not phone:
        return
    word = word_in(text)
    if word is not None:
        act = refuse_address if word is Word.STOP else allow_again
        for _province in each_province():
            act(Channel.SMS, phone)
        return
    who = f"sms:{_digest(phone)}"
    if not lookups.may_look_up(who):
        return
    language, found = language_in(text), found_by(code_in(text))
    if found is None:
        # A wrong code costs the sender an SMS already; it costs us none.
        lookups.may_miss(who)
        return
    _answer_sms(found, phone, language)


def stage_line(found: Found, language: str, *, is_short: bool = False) -> str:
    """Return in a few lines what the tracking page says."""
    seen = found.seen
    with as_portal(), translation.override(language):
        calendar = calendar_seen(found.province.schema_name, seen.office_id, seen.office_hours_id)
        case = Case(seen, terms(seen.service_version_id), calendar, clock.now(), language)
        page = page_of(case)
    day = f"{page.answer_note} {page.answer}".strip()
    if is_short:
        whole = f"{page.code}: {page.now} {day}".strip()
        return whole if fits(whole) else f"{page.code}: {page.now}"[:130]
    link = f"{settings.PUBLIC_URL}/t/{page.code}"
    head = f"{page.code} · {page.service}"
    bring = "\n".join(f"• {each}" for each in page.bring)
    return "\n".join(line for line in (head, page.now, bring, day, page.office, link) if line)


def _answer_sms(found: Found, phone: str, language: str) -> None:
    text = stage_line(found, language, is_short=True)
    with in_province(found.province):
        request = ServiceRequest.objects.get(tracking_code=found.seen.tracking_code)
        answer_by_sms(request.pk, phone, text, language=language)
        enqueue_sending(Channel.SMS)


def _said(chat_id: int, text: str) -> Reply:
    command, _space, rest = text.strip().partition(" ")
    if command == "/start" and rest:
        return _started(chat_id, rest.strip())
    if command == "/stop" or word_in(text) is Word.STOP:
        for _province in each_province():
            end_chat(chat_id)
        return _reply(chat_id, _both(_stopped))
    return _asked(chat_id, text)


def _asked(chat_id: int, text: str) -> Reply:
    who = f"telegram:{_digest(str(chat_id))}"
    if not lookups.may_look_up(who):
        return _reply(chat_id, _both(_wait))
    found = found_by(code_in(text))
    if found is not None:
        return _reply(chat_id, stage_line(found, language_in(text)))
    if len(text) < CODE_LENGTH:
        return _reply(chat_id, _both(_help))
    is_heard = lookups.may_miss(who)
    return _reply(chat_id, _both(_unknown if is_heard else _wait))


def _started(chat_id: int, text: str) -> Reply:
    token = read_token(TELEGRAM, text)
    if token is None:
        return _reply(chat_id, _both(_over))
    code = token.body[:CODE_LENGTH].decode()
    language = token.body[CODE_LENGTH:].decode()
    found = found_by(code)
    if found is None:
        return _reply(chat_id, _both(_over))
    try:
        with in_province(found.province):
            following = follow_by_chat(token, chat_id, tracking_code=code, language=language)
    except DomainError as error:
        with translation.override(language):
            return _reply(chat_id, str(error.message))
    with translation.override(language):
        told = _("You will be told here of every stage. /stop ends all messages.")
    reply = _reply(chat_id, f"{told}\n\n{stage_line(found, language)}")
    reply["reply_markup"] = stop_button(stop_token(province_of(code), following.pk), language)
    return reply


def _pressed(pressed: dict[str, Any]) -> Reply | None:
    """End the following whose button was pressed; the signature in it is the permission."""
    data = str(pressed.get("data", ""))
    known = read_stop_token(data.removeprefix("stop:")) if data.startswith("stop:") else None
    province = None if known is None else province_by_code(known[0])
    if known is None or province is None:
        return None
    with in_province(province):
        following = end_following(known[1])
    with translation.override(following.language if following else "km"):
        text = _("Stopped. You will get no more messages about this request.")
    return {
        "method": "answerCallbackQuery",
        "callback_query_id": str(pressed.get("id", "")),
        "text": text,
        "show_alert": True,
    }


def _reply(chat_id: int, text: str) -> Reply:
    return {
        "method": "sendMessage",
        "chat_id": chat_id,
        "text": text,
        "link_preview_options": {"is_disabled": True},
    }


def _both(say: Any) -> str:
    """Say it in both languages: we do not know yet which one is read."""
    texts = []
    for language in ("km", "en"):
        with translation.override(language):
            texts.append(say())
    return "\n\n".join(texts)


def _stopped() -> str:
    return _("Stopped. This chat gets no more messages.")


def _help() -> str:
    return _("Send the code of your slip, for example 01-K7Q4M-7TD3X-C, to see where it stands.")


def _unknown() -> str:
    return _("There is no request with this code. Compare it with your slip, letter by letter.")


def _over() -> str:
    return _("This link is over. Open your request's page and choose Telegram again.")


def _wait() -> str:
    return _("That was too often. Please try again in a few minutes.")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
