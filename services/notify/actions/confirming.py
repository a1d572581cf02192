"""The person says yes: by the digits, the link, the bot, or the permission of the browser."""

import hmac
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.audit.actions import record
from owso.errors import Conflict, Invalid, NotFound
from services.notify.actions.following import digits_hash, open_request
from services.notify.actions.writing import CITIZEN, address_hash, new_following
from services.notify.channels.push import is_push_service
from services.notify.kinds import Channel, FollowingState
from services.notify.models import Following, Refusal
from services.notify.tokens import Token, use_once
from services.requests.khmer import arabic_digits
from tenants import clock

MOST_TRIES = 5
KEY_LENGTHS = {"p256dh": range(80, 100), "auth": range(16, 40)}
MOST_ENDPOINT = 1_000


def confirm_by_digits(following_id: int, digits: str, *, now: datetime | None = None) -> Following:
    """Confirm a number by the six digits that were sent to it.

    Raises NotFound, Invalid when they are wrong, Conflict when they are over or were guessed at
    five times.
    """
    moment = now or clock.now()
    typed = "".join(letter for letter in arabic_digits(digits[:40]) if letter.isdecimal())
    with transaction.atomic():
        following = _asked_for(following_id)
        if following.code_until is None or following.code_until <= moment:
            raise _over()
        following.code_tries += 1
        is_right = hmac.compare_digest(
            bytes(following.code_hash or b""), digits_hash(following.pk, typed)
        )
        if is_right and following.code_tries <= MOST_TRIES:
            _confirm(following, now=moment)
            return following
        # The count of tries stays, though the person is told that it failed.
        following.save(update_fields=["code_tries"])
    if following.code_tries >= MOST_TRIES:
        raise _over()
    wrong = _("These are not the digits of the SMS. Check them and try again.")
    raise Invalid("digits_wrong", wrong, fields={"digits": wrong})


def confirm_by_link(token: Token, *, now: datetime | None = None) -> Following:
    """Confirm an e-mail address by the link that was sent to it; the link works once."""
    with transaction.atomic():
        following = _asked_for(int.from_bytes(token.body, "big"))
        if not use_once(token):
            raise _over()
        _confirm(following, now=now or clock.now())
    return following


def follow_by_chat(
    token: Token, chat_id: int, *, tracking_code: str, language: str, now: datetime | None = None
) -> Following:
    """Follow by Telegram: the link from the page works once, and names the request.

    Raises NotFound, or Conflict when the link was used before.
    """
    with transaction.atomic():
        request = open_request(tracking_code, Channel.TELEGRAM)
        if not use_once(token):
            raise _over()
        return _followed(
            request.pk, Channel.TELEGRAM, str(chat_id), language=language, now=now or clock.now()
        )


def follow_by_push(
    tracking_code: str,
    subscription: dict[str, Any],
    *,
    language: str,
    now: datetime | None = None,
) -> Following:
    """Follow by notices of the browser that has just given its permission.

    Raises Invalid for an address that is no push service's.
    """
    address = _subscription(subscription)
    with transaction.atomic():
        request = open_request(tracking_code, Channel.PUSH)
        return _followed(
            request.pk, Channel.PUSH, address, language=language, now=now or clock.now()
        )


def _followed(
    request_id: int, channel: Channel, address: str, *, language: str, now: datetime
) -> Following:
    digest = address_hash(channel, address)
    known = Following.objects.filter(request_id=request_id, channel=channel, address_hash=digest)
    following = known.first()
    if following is None:
        following = new_following(
            request_id, channel, address, language=language, now=now, confirmed=True
        )
    following.language = language
    following.save()
    record("follow", following, by=CITIZEN, channel=str(channel))
    return following


def _asked_for(following_id: int) -> Following:
    found = Following.objects.select_for_update().filter(pk=following_id).first()
    if found is None:
        raise NotFound
    if found.state == FollowingState.ENDED:
        raise _over()
    # Who follows already and asks again gets no other answer: nobody learns who follows what.
    return found


def _confirm(following: Following, *, now: datetime) -> None:
    """Begin to tell; a person who had refused messages has now asked for them."""
    Refusal.objects.filter(channel=following.channel, address_hash=following.address_hash).delete()
    following.state = FollowingState.ACTIVE
    following.confirmed_at = following.confirmed_at or now
    following.code_hash = following.code_until = None
    following.save()
    record("follow", following, by=CITIZEN, channel=following.channel)


def _over() -> Conflict:
    return Conflict(
        "link_over",
        _("This was used already, or its time is over. Open your request's page and begin again."),
    )


def _subscription(given: dict[str, Any]) -> str:
    """Return what is needed of a browser's subscription, in one spelling."""
    endpoint, keys = given.get("endpoint"), given.get("keys")
    is_sound = (
        isinstance(endpoint, str)
        and len(endpoint) <= MOST_ENDPOINT
        and is_push_service(endpoint)
        and isinstance(keys, dict)
        and all(
            isinstance(keys.get(name), str) and len(keys[name]) in lengths
            for name, lengths in KEY_LENGTHS.items()
        )
    )
    if not is_sound:
        raise Invalid(
            "push_invalid", _("This browser cannot be told. Choose another way to follow.")
        )
    assert isinstance(keys, dict)
    kept = {name: keys[name] for name in KEY_LENGTHS}
    return json.dumps({"endpoint": endpoint, "keys": kept}, sort_keys=True)
