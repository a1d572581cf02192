"""Reads of followings and messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from services.notify.kinds import Channel, FollowingState, MessageKind, MessageState
from services.notify.models import Following, Message

SHOWN = 20


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message as staff see it: what, on which way, how far; never the address."""

    kind: MessageKind
    channel: Channel
    state: MessageState
    at: datetime
    parts: int
    error_code: str


def messages_of(request_id: int) -> Sequence[MessageLine]:
    """Return the newest messages about a request; one query."""
    rows = Message.objects.filter(request_id=request_id).order_by("-pk")[:SHOWN]
    return [
        MessageLine(
            MessageKind(row.kind),
            Channel(row.channel),
            MessageState(row.state),
            row.settled_at or row.sent_at or row.created_at,
            row.parts,
            row.error_code,
        )
        for row in rows
    ]


def followings_of(request_id: int) -> Sequence[Following]:
    """Return who follows or followed a request, without addresses; one query."""
    rows = Following.objects.filter(request_id=request_id).order_by("pk")
    return list(rows.defer("address_sealed", "address_hash", "code_hash"))


def following_by_id(following_id: int) -> Following | None:
    """Return a following with its request, also one that has ended."""
    return Following.objects.select_related("request").filter(pk=following_id).first()


def chats_requests(digest: bytes) -> Sequence[str]:
    """Return the tracking codes that an address follows in this province."""
    mine = Following.objects.filter(address_hash=digest, state=FollowingState.ACTIVE)
    return list(mine.order_by("pk").values_list("request__tracking_code", flat=True))


def due_channels(now: datetime) -> list[str]:
    """Return the channels that have something to send or to take up again; one small index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel FROM notify_message WHERE state IN ('waiting', 'sending')"
            " AND due_at <= %s GROUP BY channel ORDER BY channel",
            [now],
        )
        return [row[0] for row in cursor.fetchall()]
