"""Ending: one tap, one word, or an address that has gone; the address is forgotten at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from owso.audit.actions import record
from services.notify.actions.writing import CITIZEN, address_hash
from services.notify.kinds import Channel, EndReason, FollowingState, MessageState
from services.notify.models import Following, Message, Refusal
from services.offices.actors import Actor
from tenants import clock


def end_following(
    following_id: int,
    *,
    reason: EndReason = EndReason.STOPPED,
    by: Actor = CITIZEN,
    now: datetime | None = None,
) -> Following | None:
    """End one following; what is on its way is called back. Nothing to end is no mistake.

    `refused` also keeps the number from being told of anything it did not ask for itself.
    """
    moment = now or clock.now()
    with transaction.atomic():
        following = Following.objects.select_for_update().filter(pk=following_id).first()
        if following is None or following.state == FollowingState.ENDED:
            return following
        if reason == EndReason.REFUSED:
            _refuse(following.channel, bytes(following.address_hash or b""), moment)
        _end([following], reason=reason, by=by, now=moment)
    return following


def end_chat(chat_id: int, *, now: datetime | None = None) -> int:
    """End everything a Telegram chat follows in this province; return how much it was."""
    return _end_address(
        Channel.TELEGRAM, str(chat_id), reason=EndReason.STOPPED, now=now or clock.now()
    )


def refuse_address(channel: Channel, address: str, *, now: datetime | None = None) -> int:
    """End everything an address follows in this province, and begin nothing for it again.

    Until the person confirms anew by themselves. Returns how many followings ended.
    """
    moment = now or clock.now()
    with transaction.atomic():
        _refuse(channel, address_hash(channel, address), moment)
        return _end_address(channel, address, reason=EndReason.REFUSED, now=moment)


def allow_again(channel: Channel, address: str) -> None:
    """Take a refusal back: the person wrote that messages are welcome again."""
    Refusal.objects.filter(channel=channel, address_hash=address_hash(channel, address)).delete()


def _end_address(channel: Channel, address: str, *, reason: EndReason, now: datetime) -> int:
    with transaction.atomic():
        found = Following.objects.select_for_update().filter(
            channel=channel, address_hash=address_hash(channel, address)
        )
        mine = list(found.order_by("pk"))
        _end(mine, reason=reason, by=CITIZEN, now=now)
    return len(mine)


def _end(followings: Iterable[Following], *, reason: EndReason, by: Actor, now: datetime) -> None:
    for following in followings:
        following.state, following.end_reason = FollowingState.ENDED, reason
        following.ended_at = now
        following.address_sealed = following.address_hash = None
        following.code_hash = following.code_until = None
        following.save()
        Message.objects.filter(following=following, state=MessageState.WAITING).update(
            state=MessageState.CANCELLED, settled_at=now
        )
        record("end_following", following, by=by, reason=str(reason))


def _refuse(channel: str, digest: bytes, now: datetime) -> None:
    Refusal.objects.get_or_create(
        channel=channel, address_hash=digest, defaults={"refused_at": now}
    )
