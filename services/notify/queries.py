"""Reads of followings and messages."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from services.notify.kinds import (
    Channel,
    EndReason,
    FollowingState,
    MessageKind,
    MessageState,
    Origin,
)
from services.notify.models import Following

SHOWN = 20


# One round trip for both: the page of a file asks often enough already.
_TOLD = """
SELECT
    (SELECT json_agg(json_build_array(f.channel, f.origin, f.state, f.end_reason) ORDER BY f.id)
     FROM notify_following f WHERE f.request_id = %(request)s),
    (SELECT json_agg(json_build_array(
        m.kind, m.channel, m.state, coalesce(m.settled_at, m.sent_at, m.created_at),
        m.parts, m.error_code
     ) ORDER BY m.id DESC)
     FROM (
        SELECT * FROM notify_message WHERE request_id = %(request)s ORDER BY id DESC LIMIT %(most)s
     ) AS m)
"""


@dataclass(frozen=True, slots=True)
class FollowingLine:
    """One following as staff see it: on which way and how far; never the address."""

    channel: Channel
    origin: Origin
    state: FollowingState
    end_reason: str


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message as staff see it: what, on which way, how far; never the address."""

    kind: MessageKind
    channel: Channel
    state: MessageState
    at: datetime
    parts: int
    error_code: str


@dataclass(frozen=True, slots=True)
class Told:
    """Who follows or followed a request, and the newest messages about it."""

    followings: tuple[FollowingLine, ...]
    messages: tuple[MessageLine, ...]


def told_of(request_id: int) -> Told:
    """Return who is told of a request and what became of each message; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"request": request_id, "most": SHOWN})
        followings, messages = cursor.fetchone()
    return Told(
        tuple(_following_line(*each) for each in followings or ()),
        tuple(_message_line(*each) for each in messages or ()),
    )


def _following_line(channel: str, origin: str, state: str, end_reason: str) -> FollowingLine:
    reason = str(EndReason(end_reason).label) if end_reason else ""
    return FollowingLine(Channel(channel), Origin(origin), FollowingState(state), reason)


def _message_line(
    kind: str, channel: str, state: str, at: str, parts: int, error_code: str
) -> MessageLine:
    return MessageLine(
        MessageKind(kind),
        Channel(channel),
        MessageState(state),
        datetime.fromisoformat(at),
        parts,
        error_code,
    )


def following_by_id(following_id: int) -> Following | None:
    """Return a following with its request, also one that has ended."""
    return Following.objects.select_related("request").filter(pk=following_id).first()


def due_channels(now: datetime) -> list[str]:
    """Return the channels that have something to send or to take up again; one small index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel FROM notify_message WHERE state IN ('waiting', 'sending')"
            " AND due_at <= %s GROUP BY channel ORDER BY channel",
            [now],
        )
        return [row[0] for row in cursor.fetchall()]
