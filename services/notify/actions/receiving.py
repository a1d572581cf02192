"""What providers tell us afterwards: arrived on the phone, or not."""

from datetime import datetime
from uuid import UUID

from services.notify.kinds import MessageState
from services.notify.models import Message
from tenants import clock

ARRIVED = frozenset({"DELIVRD", "DELIVERED", "ESME_ROK:DELIVRD"})
LOST = frozenset({"UNDELIV", "UNDELIVERED", "EXPIRED", "REJECTD", "REJECTED", "DELETED", "FAILED"})


def note_receipt(reference: UUID, status: str, *, now: datetime | None = None) -> bool:
    """Note what became of a message of this province; False when it changed nothing.

    A receipt that comes twice, for a message that was settled, or before ours was written down,
    does no harm; words we do not know are no news.
    """
    word = status.strip().upper()
    if word not in ARRIVED | LOST:
        return False
    state = MessageState.DELIVERED if word in ARRIVED else MessageState.FAILED
    moment = now or clock.now()
    known = Message.objects.filter(reference=reference)
    facts = {"settled_at": moment, "error_code": "" if word in ARRIVED else word.lower()}
    if known.filter(state=MessageState.SENT).update(state=state, **facts):
        return True
    # The gateway was faster than our own record: it has the message, whatever we knew.
    early = known.filter(state=MessageState.SENDING)
    return bool(early.update(state=state, sent_at=moment, claim=None, **facts))
