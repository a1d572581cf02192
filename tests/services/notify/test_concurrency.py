"""Two workers at once: one message, one call; one event, one message."""

from datetime import timedelta

from services.notify.actions import send_one, tell
from services.notify.kinds import MessageState
from services.notify.models import Message
from services.offices.actors import system_actor
from services.requests.actions import advance_request
from tenants import clock
from tests.factories import RequestFactory
from tests.services.cashier.test_concurrency import at_once, real
from tests.services.notify.cast import CHAT, chat_follows

__all__ = ["real"]


def test_two_workers_tell_an_event_once_and_send_its_message_once(real, air):
    started = clock.now() - timedelta(days=1)
    request = RequestFactory(started=started)
    chat_follows(request)
    advance_request(request.pk, by=system_actor("tests"), seen_visit_id=None)
    told = at_once(real, *[tell] * 4)
    assert sum(told) == Message.objects.count() == 1
    sent = at_once(real, *[lambda: send_one("telegram")] * 4)
    assert [each for each in sent if each] == [MessageState.SENT]
    assert len(air.book.on(str(CHAT))) == 1
    assert tell() == 0
