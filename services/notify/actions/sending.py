"""Carrying messages out: one claim, one provider at a time, the intent written before the call.

A message waits with the name of a provider only when that one may have it already: nobody else
gets it then. A worker that dies between the call and the record leaves it in hand; after the lease
the same provider is asked again under the same reference.
"""

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from services.notify import breaker
from services.notify.actions.ending import end_following
from services.notify.channels import providers_of
from services.notify.channels.parcels import (
    GoneError,
    LaterError,
    Parcel,
    Provider,
    RefusedError,
    UnclearError,
)
from services.notify.kinds import EndReason, FollowingState, MessageKind, MessageState
from services.notify.models import Message
from services.notify.quiet import not_before
from services.notify.texts import own_link
from services.notify.tokens import receipt_mac, stop_token
from services.offices.actors import system_actor
from tenants import clock, sealing
from tenants.context import current_province

logger = structlog.get_logger(__name__)
LEASE = timedelta(minutes=3)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
MOST_DOUBLINGS = 7
Spread = Callable[[float, float], float]


@dataclass(frozen=True, slots=True)
class _Hand:
    """A message this worker has in hand; `is_bound` when its provider may have it already."""

    message: Message
    parcel: Parcel | None
    providers: Sequence[Provider]
    now: datetime


def send_due(
    channel: str, *, most: int = 200, tell_time: Callable[[], datetime] = clock.now
) -> int:
    """Send what is due on a channel in this province, one after the other; return how many went.

    `tell_time` is asked anew for each message. Ends early when nobody can carry the channel.
    """
    _give_up(channel, tell_time())
    sent = 0
    for _turn in range(most):
        outcome = send_one(channel, now=tell_time())
        if outcome is None:
            break
        sent += outcome == MessageState.SENT
    return sent


def send_one(
    channel: str, *, now: datetime | None = None, spread: Spread = random.uniform
) -> str | None:
    """Take one message that is due and try to send it; return its state, None without one.

    Two workers never take the same. Providers are tried in turn until one accepts, or may have.
    """
    moment = now or clock.now()
    providers = [each for each in providers_of(channel) if not breaker.is_resting(each.name)]
    hand = _claim(channel, providers, moment)
    if hand is None:
        return None
    if hand.parcel is None:
        return _record(hand, MessageState.CANCELLED, settled_at=moment, provider="")
    return _try_in_turn(hand, hand.parcel, spread)


def _give_up(channel: str, now: datetime) -> None:
    """Mark what could not be sent in a day and a half; staff see it on the file."""
    late = Message.objects.filter(channel=channel, state=MessageState.WAITING, expires_at__lte=now)
    if count := late.update(state=MessageState.FAILED, settled_at=now):
        logger.warning("messages_given_up", channel=channel, count=count)


def _claim(channel: str, providers: Sequence[Provider], now: datetime) -> _Hand | None:
    """Take the message that has waited longest, and write down who will be asked first."""
    if not providers:
        return None
    by_name = {each.name: each for each in providers}
    due = Q(state=MessageState.WAITING, due_at__lte=now, expires_at__gt=now)
    left = Q(state=MessageState.SENDING, claimed_at__lte=now - LEASE)
    may_be_asked = Q(provider="") | Q(provider__in=list(by_name))
    with transaction.atomic():
        found = Message.objects.filter(due | left, may_be_asked, channel=channel)
        message = (
            found.select_related("following", "request")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("due_at", "id")
            .first()
        )
        if message is None:
            return None
        # Whoever may have it already is the only one to be asked.
        asked = [by_name[message.provider]] if message.provider else list(providers)
        message.state, message.provider = MessageState.SENDING, asked[0].name
        message.claim, message.claimed_at = uuid.uuid4(), now
        message.tries += 1
        message.save(update_fields=["state", "provider", "claim", "claimed_at", "tries"])
    return _Hand(message, _parcel(message), asked, now)


def _try_in_turn(hand: _Hand, parcel: Parcel, spread: Spread) -> str:
    pause: timedelta | None = None
    code = ""
    for provider in hand.providers:
        if provider.name != hand.message.provider:
            _record(hand, MessageState.SENDING, provider=provider.name)
            hand.message.provider = provider.name
        try:
            number = provider.send(parcel)
        except RefusedError as error:
            breaker.succeeded(provider.name)
            return _refused(hand, error)
        except UnclearError as error:
            breaker.failed(provider.name)
            return _later(hand, error.code, _pause(hand.message.tries, spread), provider.name)
        except LaterError as error:
            breaker.failed(provider.name)
            pause, code = error.wait, error.code
        else:
            breaker.succeeded(provider.name)
            return _record(
                hand,
                MessageState.SENT,
                sent_at=hand.now,
                provider_ref=number[:100],
                error_code="",
            )
    return _later(hand, code, pause or _pause(hand.message.tries, spread), "")


def _refused(hand: _Hand, error: RefusedError) -> str:
    message = hand.message
    state = _record(hand, MessageState.FAILED, settled_at=hand.now, error_code=error.code)
    if isinstance(error, GoneError) and message.following_id is not None:
        by = system_actor("notify")
        end_following(message.following_id, reason=EndReason.GONE, by=by, now=hand.now)
    return state


def _later(hand: _Hand, code: str, pause: timedelta, provider: str) -> str:
    due_at = hand.now + pause
    if not hand.message.is_urgent:
        due_at = not_before(due_at, hand.message.channel)
    logger.info("message_later", provider=hand.message.provider, code=code)
    return _record(
        hand, MessageState.WAITING, due_at=due_at, error_code=code, provider=provider, claim=None
    )


def _record(hand: _Hand, state: MessageState, **facts: Any) -> str:
    """Write what became of the message, unless its lease ran out and somebody else has it."""
    mine = Message.objects.filter(pk=hand.message.pk, claim=hand.message.claim)
    mine.update(state=state, **facts)
    return str(state)


def _pause(tries: int, spread: Spread) -> timedelta:
    """Double from half a minute to an hour, a fifth more or less, so that not all come at once."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(tries - 1, MOST_DOUBLINGS)
    return min(doubled, LONGEST_PAUSE) * spread(0.8, 1.2)


def _parcel(message: Message) -> Parcel | None:
    """Return what goes out; None when the following has ended meanwhile."""
    province_code, following = current_province().code, message.following
    sealed = message.address_sealed if following is None else following.address_sealed
    if sealed is None:
        return None
    is_told = following is not None and following.state == FollowingState.ACTIVE
    asks = message.kind == MessageKind.CONFIRM
    link, token = "", ""
    if following is not None and is_told and not asks:
        link = own_link(province_code, following.pk)
        token = stop_token(province_code, following.pk)
    reference = f"{province_code}{message.reference.hex}"
    mac = receipt_mac(province_code, reference)
    return Parcel(
        reference=reference,
        address=sealing.unseal(bytes(sealed)),
        text=message.text,
        subject=message.subject,
        language=message.language,
        link=link,
        receipt_url=f"{settings.PUBLIC_URL}/hooks/receipts/{reference}/{mac}",
        stop_token=token,
    )
