"""Addresses go as soon as nobody needs them; that something was sent stays known."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from services.notify.actions.ending import end_following
from services.notify.kinds import EndReason, FollowingState, MessageState
from services.notify.models import ON_THE_WAY, Following, Message, UsedToken
from services.offices.actors import Actor
from tenants import clock

PENDING_FOR = timedelta(days=2)
CLOSED_FOR = timedelta(days=7)
"""How long after its end a request is still followed: its last message may be on the way."""
TEXT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten."""

    followings: int
    messages: int


def forget_addresses(*, by: Actor, now: datetime | None = None) -> Forgotten:
    """End what was never confirmed or is finished; take texts and addresses of a month ago away.

    Each following is one transaction; a second run finds nothing to do.
    """
    moment = now or clock.now()
    living = Following.objects.exclude(state=FollowingState.ENDED)
    unconfirmed = living.filter(state=FollowingState.PENDING, created_at__lte=moment - PENDING_FOR)
    finished = living.filter(request__closed_at__lte=moment - CLOSED_FOR)
    ended = 0
    for found, reason in ((unconfirmed, EndReason.EXPIRED), (finished, EndReason.CLOSED)):
        for following_id in list(found.order_by("pk").values_list("pk", flat=True)):
            end_following(following_id, reason=reason, by=by, now=moment)
            ended += 1
    with transaction.atomic():
        old = Message.objects.filter(created_at__lte=moment - TEXT_FOR).exclude(text="")
        old.filter(state__in=ON_THE_WAY).update(state=MessageState.FAILED, settled_at=moment)
        messages = old.update(text="", subject="", address_sealed=None)
        UsedToken.objects.filter(expires_at__lte=moment).delete()
    return Forgotten(ended, messages)
