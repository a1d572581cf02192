"""Making messages of events: afterwards, by a cursor, each event and follower exactly once.

The counter does nothing for it. Events are read in the order in which they became final, as the
national figures read them, and the cursor moves in the transaction that writes the messages.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from services.notify.actions.beginning import begin_consented
from services.notify.actions.writing import KEPT_TRYING
from services.notify.channels import open_channels
from services.notify.kinds import Channel, MessageKind
from services.notify.models import Message
from services.notify.places import place_of
from services.notify.quiet import not_before
from services.notify.sms import parts_of
from services.notify.texts import Matter, own_link, wording
from services.requests.kinds import EventKind
from services.requests.models import PaperCheck, Pause
from services.requests.states import CLOCK_STOPPED
from tenants import clock, sealing
from tenants.context import current_province

BATCH = 5_000
STALE = timedelta(days=3)
"""An event this old is not news any more: whoever follows sees it on the page."""
KINDS: Mapping[str, MessageKind] = {
    EventKind.RECEIVED: MessageKind.RECEIVED,
    EventKind.REGISTERED: MessageKind.REGISTERED,
    EventKind.ADVANCED: MessageKind.STAGE,
    EventKind.PAUSED: MessageKind.WAITING,
    EventKind.RESUMED: MessageKind.GOING_ON,
    EventKind.FORWARDED: MessageKind.FORWARDED,
    EventKind.READY: MessageKind.READY,
    EventKind.DELIVERED: MessageKind.DELIVERED,
    EventKind.REJECTED: MessageKind.REJECTED,
    EventKind.WITHDRAWN: MessageKind.WITHDRAWN,
}

_CURSOR = """
SELECT id, xact_id, event_id FROM notify_tellingcursor ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
# The horizon is the snapshot's own: nothing can still appear at or before the moved cursor.
_UPTO = """
SELECT last.xact_id::text::bigint, last.id FROM (
    SELECT xact_id, id, row_number() OVER (ORDER BY xact_id DESC, id DESC) AS place FROM (
        SELECT xact_id, id FROM requests_requestevent
        WHERE (xact_id, id) > (%(xact_id)s::text::xid8, %(event_id)s)
            AND xact_id < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY xact_id, id LIMIT %(batch)s
    ) AS taken
) AS last WHERE place = 1
"""
_NEWS = """
SELECT e.id, e.kind, e.office_id, e.stage_left, e.stage_entered, e.due_on_before,
    f.id, f.channel, f.language,
    r.id, r.tracking_code, r.service_version_id, coalesce(r.promised_at, r.due_at)
FROM requests_requestevent e
JOIN notify_following f ON f.request_id = e.request_id
JOIN requests_servicerequest r ON r.id = e.request_id
WHERE (e.xact_id, e.id) > (%(xact_id)s::text::xid8, %(event_id)s)
    AND (e.xact_id, e.id) <= (%(to_xact_id)s::text::xid8, %(to_event_id)s)
    AND f.state = 'active' AND e.id > f.after_event_id
    AND e.kind = ANY(%(kinds)s) AND e.recorded_at > now() - %(stale)s
ORDER BY e.id, f.id
"""


@dataclass(frozen=True, slots=True)
class News:
    """One event that one follower is told."""

    event_id: int
    kind: str
    office_id: int
    stage_left: str
    stage_entered: str
    due_on_before: date | None
    following_id: int
    channel: str
    language: str
    request_id: int
    tracking_code: str
    service_version_id: int
    day: datetime | None


def tell(*, now: datetime | None = None, batch: int = BATCH, batches: int = 20) -> int:
    """Write the messages of everything new in the province; return how many that were.

    What a follower was told already is counted, and not written again. Returns at once when
    another process is at it. Each batch is one transaction, so that an end
    at any point neither loses nor doubles a message.
    """
    written = 0
    for _turn in range(batches):
        with transaction.atomic():
            made = _tell_batch(now or clock.now(), batch)
        if made is None:
            break
        written += made
    return written


def answer_by_sms(
    request_id: int, address: str, text: str, *, language: str, now: datetime | None = None
) -> Message:
    """Answer somebody who asked by SMS; the address goes with the message."""
    moment = now or clock.now()
    answer = Message(
        request_id=request_id,
        kind=MessageKind.ANSWER,
        channel=Channel.SMS,
        language=language,
        text=text,
        parts=parts_of(text),
        address_sealed=sealing.seal(address),
        is_urgent=True,
        created_at=moment,
        due_at=moment,
        expires_at=moment + timedelta(hours=1),
    )
    answer.save()
    return answer


def _tell_batch(now: datetime, batch: int) -> int | None:
    """Return how many messages a batch made; None when nothing is new or others are at it."""
    with connection.cursor() as cursor:
        cursor.execute(_CURSOR)
        row = cursor.fetchone()
        if row is None:
            return None
        cursor_id, xact_id, event_id = row
        span = {"xact_id": xact_id, "event_id": event_id}
        cursor.execute(_UPTO, span | {"batch": batch})
        upto = cursor.fetchone()
        if upto is None:
            return None
        span |= {"to_xact_id": upto[0], "to_event_id": upto[1], "stale": STALE}
        if Channel.SMS in open_channels():
            begin_consented(span, now=now)
        cursor.execute(_NEWS, span | {"kinds": list(KINDS)})
        news = [News(*each) for each in cursor.fetchall()]
        _write(news, now)
        cursor.execute(
            "UPDATE notify_tellingcursor SET xact_id = %s, event_id = %s WHERE id = %s",
            [*upto, cursor_id],
        )
    return len(news)


def _write(news: Iterable[News], now: datetime) -> None:
    province_code = current_province().code
    Message.objects.bulk_create(
        [_message(each, province_code, now) for each in news], ignore_conflicts=True
    )


def _message(news: News, province_code: str, now: datetime) -> Message:
    matter = _matter(news)
    link = own_link(province_code, news.following_id)
    words = wording(matter, channel=news.channel, language=news.language, link=link)
    due_at = not_before(now, news.channel)
    return Message(
        following_id=news.following_id,
        request_id=news.request_id,
        event_id=news.event_id,
        kind=matter.kind,
        channel=news.channel,
        language=news.language,
        subject=words.subject,
        text=words.text,
        parts=words.parts,
        created_at=now,
        due_at=due_at,
        expires_at=due_at + KEPT_TRYING,
    )


def _matter(news: News) -> Matter:
    kind = KINDS[news.kind]
    if kind == MessageKind.GOING_ON and news.due_on_before != CLOCK_STOPPED:
        kind = MessageKind.MOVED
    asks = kind in {MessageKind.RECEIVED, MessageKind.WAITING}
    return Matter(
        kind=kind,
        tracking_code=news.tracking_code,
        service_version_id=news.service_version_id,
        place=place_of(news.office_id),
        stage_left=news.stage_left,
        stage_entered=news.stage_entered,
        day=news.day,
        reason=_reason(news.request_id) if kind == MessageKind.WAITING else "",
        papers=_missing(news.request_id) if asks else (),
    )


def _reason(request_id: int) -> str:
    newest = Pause.objects.filter(request_id=request_id).order_by("-pk")
    return newest.values_list("reason", flat=True).first() or ""


def _missing(request_id: int) -> tuple[tuple[str, str], ...]:
    asked: Any = PaperCheck.objects.filter(request_id=request_id, is_handed_in=False)
    names = asked.order_by("document__sort_order").values_list(
        "document__name_km", "document__name_en"
    )
    return tuple(names)
