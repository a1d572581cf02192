"""Followings that were agreed to at the counter: they begin with the first event told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from services.desk.models import Recipient
from services.notify.actions.writing import address_hash
from services.notify.kinds import Channel, EndReason, FollowingState, Origin
from services.notify.models import Following, Refusal
from tenants import sealing

# The consent was given in person, with the version of its words; it stands for the confirmation.
# Its first event may itself be told, so the following begins just before it.
_CONSENTED = """
SELECT DISTINCT ON (e.request_id) e.id, e.request_id, c.recipient, coalesce(a.language, 'km'),
    a.phone_sealed, p.phone_sealed
FROM requests_requestevent e
JOIN desk_noticeconsent c ON c.request_id = e.request_id
JOIN requests_servicerequest r ON r.id = e.request_id
LEFT JOIN requests_applicant a ON a.id = r.applicant_id
LEFT JOIN requests_representation p ON p.request_id = e.request_id
WHERE (e.xact_id, e.id) > (%(xact_id)s::text::xid8, %(event_id)s)
    AND (e.xact_id, e.id) <= (%(to_xact_id)s::text::xid8, %(to_event_id)s)
    AND e.recorded_at > now() - %(stale)s
    AND NOT EXISTS (
        SELECT FROM notify_following f WHERE f.request_id = e.request_id AND f.origin = 'counter'
    )
ORDER BY e.request_id, e.id
"""


def begin_consented(span: Mapping[str, Any], *, now: datetime) -> int:
    """Make the followings of consents in a span of events; return how many began.

    A number that refused messages before gets a following that has ended already, so that it is
    not asked about again and staff see why nothing is sent.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CONSENTED, span)
        rows = cursor.fetchall()
    begun = [_following(*row, now=now) for row in rows]
    Following.objects.bulk_create(
        [following for following in begun if following is not None], ignore_conflicts=True
    )
    return len(begun)


def _following(
    event_id: int,
    request_id: int,
    recipient: str,
    language: str,
    applicant_phone: bytes | None,
    representative_phone: bytes | None,
    *,
    now: datetime,
) -> Following | None:
    is_representative = recipient == Recipient.REPRESENTATIVE
    phone = representative_phone if is_representative else applicant_phone
    if phone is None:
        return None
    number = sealing.unseal(phone)
    digest = address_hash(Channel.SMS, number)
    following = Following(
        request_id=request_id,
        channel=Channel.SMS,
        origin=Origin.COUNTER,
        language=language,
        state=FollowingState.ACTIVE,
        address_sealed=sealing.seal(number),
        address_hash=digest,
        after_event_id=event_id - 1,
        created_at=now,
        confirmed_at=now,
    )
    if Refusal.objects.filter(channel=Channel.SMS, address_hash=digest).exists():
        following.state, following.end_reason = FollowingState.ENDED, EndReason.BLOCKED
        following.ended_at, following.confirmed_at = now, None
        following.address_sealed = following.address_hash = None
    return following
