"""Followings and messages as rows, made in one place."""

from datetime import datetime, timedelta

from services.notify.kinds import Channel, FollowingState, MessageKind, Origin
from services.notify.models import Following, Message
from services.notify.texts import Wording
from services.offices.actors import Actor
from services.requests.models import RequestEvent, ServiceRequest
from tenants import sealing

KEPT_TRYING = timedelta(hours=36)
"""How long a message is tried: longer than a provider's bad day."""
CODE_LIVES = timedelta(minutes=15)
LINK_LIVES = timedelta(days=2)
CITIZEN = Actor(user_id=None, name="citizen")
"""Whoever holds a code and an address; the trail knows no more of them."""


def address_hash(channel: str, address: str) -> bytes:
    """Return the keyed hash by which an address is found in this province."""
    return sealing.keyed_hash(f"{channel}:{address}")


def last_event_id(request_id: int) -> int:
    """Return the newest event of a request: what came before is not told any more.

    Events of one request are written under its lock, so their ids follow each other.
    """
    newest = RequestEvent.objects.filter(request_id=request_id).order_by("-pk")
    return newest.values_list("pk", flat=True).first() or 0


def new_following(
    request_id: int,
    channel: Channel,
    address: str,
    *,
    language: str,
    now: datetime,
    confirmed: bool,
) -> Following:
    """Return a following from the citizens' page, not yet saved."""
    state = FollowingState.ACTIVE if confirmed else FollowingState.PENDING
    return Following(
        request_id=request_id,
        channel=channel,
        origin=Origin.PAGE,
        language=language,
        state=state,
        address_sealed=sealing.seal(address),
        address_hash=address_hash(channel, address),
        after_event_id=last_event_id(request_id),
        created_at=now,
        confirmed_at=now if confirmed else None,
    )


def confirmation_message(
    following: Following, wording: Wording, *, now: datetime, lives: timedelta
) -> Message:
    """Return the message that asks a person to confirm; it goes at any hour: they wait for it."""
    return Message(
        following=following,
        request_id=following.request_id,
        kind=MessageKind.CONFIRM,
        channel=following.channel,
        language=following.language,
        subject=wording.subject,
        text=wording.text,
        parts=wording.parts,
        is_urgent=True,
        created_at=now,
        due_at=now,
        expires_at=now + lives,
    )


def locked_request(tracking_code: str) -> ServiceRequest | None:
    """Lock a request by its code: its followings change one at a time."""
    found = ServiceRequest.objects.select_for_update(of=("self",))
    return found.filter(tracking_code=tracking_code).first()
