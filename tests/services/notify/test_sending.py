"""Carrying messages out: failover, back-off, nights, killed workers, a day without anybody."""

from datetime import datetime, timedelta

import pytest

from services.demo.phones.book import Mood
from services.notify import breaker
from services.notify.actions import end_following, note_receipt, send_due, send_one
from services.notify.actions.sending import LEASE, LONGEST_PAUSE
from services.notify.channels import providers_of
from services.notify.channels.plasgate import PlasGate
from services.notify.kinds import Channel, EndReason, FollowingState, MessageKind, MessageState
from services.notify.models import Following, Message
from services.notify.quiet import not_before
from tenants import clock
from tests.factories import RequestFactory
from tests.services.notify.cast import CHAT, NUMBER, chat_follows, phone_follows

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=clock.LOCAL)
HOUR = timedelta(hours=1)
EVEN = staticmethod(lambda low, high: (low + high) / 2).__func__


def message(following: Following, now=NOON, text="01-K7Q4M-7TD3X-C: now", **facts) -> Message:
    """A message that waits for one follower."""
    return Message.objects.create(
        following=following,
        request_id=following.request_id,
        kind=MessageKind.STAGE,
        channel=following.channel,
        text=text,
        created_at=now,
        due_at=now,
        expires_at=now + timedelta(hours=36),
        **facts,
    )


@pytest.fixture
def by_phone(province, air) -> Following:
    """Somebody who follows by SMS."""
    return phone_follows(RequestFactory())


@pytest.fixture
def by_chat(province, air) -> Following:
    """Somebody who follows by Telegram."""
    return chat_follows(RequestFactory())


def test_a_message_goes_by_the_preferred_gateway_and_says_its_reference(by_phone, air):
    sent = message(by_phone)
    assert send_one("sms", now=NOON) == MessageState.SENT
    sent.refresh_from_db()
    assert (sent.provider, sent.sent_at, sent.tries) == ("plasgate", NOON, 1)
    (arrived,) = air.book.arrived
    assert arrived.reference == f"01{sent.reference.hex}"
    assert arrived.receipt_url.startswith("http://localhost")
    assert send_one("sms", now=NOON) is None


@pytest.mark.parametrize("mood", [Mood.BUSY, Mood.ERROR_INSIDE])
def test_a_gateway_that_surely_did_not_accept_is_replaced_at_once(by_phone, air, mood):
    sent = message(by_phone)
    air.book.moods["plasgate"] = mood
    assert send_one("sms", now=NOON) == MessageState.SENT
    sent.refresh_from_db()
    assert sent.provider == "mekong"
    assert [each.provider for each in air.book.arrived] == ["mekong"]


def test_a_gateway_that_cannot_be_reached_is_replaced_at_once(by_phone, air, settings):
    message(by_phone)
    settings.PLASGATE_URL = "http://127.0.0.1:9"
    assert send_one("sms", now=NOON) == MessageState.SENT
    assert [each.provider for each in air.book.arrived] == ["mekong"]


def test_a_200_with_an_error_inside_is_an_error_of_both_gateways(by_phone, air):
    sent = message(by_phone)
    air.book.moods.update(plasgate=Mood.ERROR_INSIDE, mekong=Mood.ERROR_INSIDE)
    assert send_one("sms", now=NOON, spread=EVEN) == MessageState.WAITING
    sent.refresh_from_db()
    assert (sent.error_code, sent.provider) == ("mekong_-4", "")
    assert sent.due_at == NOON + timedelta(seconds=30)
    assert air.book.arrived == []


def test_a_lost_answer_binds_the_message_to_its_gateway_and_doubles_nothing(by_phone, air):
    sent = message(by_phone)
    air.book.moods["plasgate"] = Mood.LOST_ANSWER
    assert send_one("sms", now=NOON, spread=EVEN) == MessageState.WAITING
    sent.refresh_from_db()
    assert (sent.provider, sent.error_code) == ("plasgate", "silent")
    air.book.moods["plasgate"] = Mood.BUSY
    assert send_one("sms", now=NOON + HOUR) == MessageState.WAITING
    assert air.book.asked["mekong"] == 0
    air.book.moods.clear()
    sent.refresh_from_db()
    assert send_due("sms", tell_time=lambda: sent.due_at) == 1
    assert len(air.book.on(NUMBER)) == 1


def test_a_worker_killed_between_call_and_record_doubles_nothing(by_phone, air, monkeypatch):
    sent = message(by_phone)
    carry = PlasGate.send

    def die(self, parcel):
        carry(self, parcel)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(PlasGate, "send", die)
        with pytest.raises(KeyboardInterrupt):
            send_one("sms", now=NOON)
    sent.refresh_from_db()
    assert (sent.state, sent.provider) == (MessageState.SENDING, "plasgate")
    assert send_one("sms", now=NOON + LEASE - timedelta(seconds=1)) is None
    assert send_one("sms", now=NOON + LEASE) == MessageState.SENT
    assert len(air.book.on(NUMBER)) == 1
    assert air.book.asked == {"plasgate": 2}


def test_a_day_without_any_provider_loses_nothing_and_doubles_nothing(by_chat, air):
    request = by_chat.request
    phone = phone_follows(request)
    for each in (by_chat, phone):
        message(each, text=f"for {each.channel}")
    air.book.moods.update(telegram=Mood.BUSY, plasgate=Mood.BUSY, mekong=Mood.BUSY)
    now, tries = NOON, 0
    while now < NOON + timedelta(hours=25):
        for channel in ("sms", "telegram"):
            assert send_due(channel, tell_time=lambda now=now: now) == 0
        tries, now = tries + 1, now + timedelta(minutes=30)
        breaker.succeeded("plasgate")
        breaker.succeeded("mekong")
        breaker.succeeded("telegram")
    asked = air.book.asked["telegram"]
    assert 20 < asked < 60
    air.book.moods.clear()
    for channel in ("sms", "telegram"):
        assert send_due(channel, tell_time=lambda: now + LONGEST_PAUSE * 1.2) == 1
    assert air.book.on(NUMBER) == ["for sms"]
    assert air.book.on(str(CHAT)) == ["for telegram"]


def test_what_cannot_be_sent_for_a_day_and_a_half_is_given_up_and_shown(by_chat, air):
    lost = message(by_chat)
    air.book.moods["telegram"] = Mood.BUSY
    assert send_one("telegram", now=NOON) == MessageState.WAITING
    assert send_due("telegram", tell_time=lambda: NOON + timedelta(hours=36)) == 0
    lost.refresh_from_db()
    assert (lost.state, lost.error_code) == (MessageState.FAILED, "http_503")


def test_pauses_double_up_to_an_hour_and_are_spread(by_chat, air):
    sent = message(by_chat)
    air.book.moods["telegram"] = Mood.BUSY
    pauses, now = [], NOON
    for _turn in range(9):
        breaker.succeeded("telegram")
        assert send_one("telegram", now=now, spread=EVEN) == MessageState.WAITING
        sent.refresh_from_db()
        pauses.append((sent.due_at - now).total_seconds())
        now = sent.due_at
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    breaker.succeeded("telegram")
    assert send_one("telegram", now=now, spread=lambda _low, high: high) == MessageState.WAITING
    sent.refresh_from_db()
    assert (sent.due_at - now).total_seconds() == 4320


def test_a_provider_that_fails_five_times_rests_and_the_other_takes_over(by_phone, air):
    air.book.moods["plasgate"] = Mood.BUSY
    for _turn in range(7):
        message(by_phone)
    assert send_due("sms", tell_time=lambda: NOON) == 7
    assert air.book.asked == {"plasgate": 5, "mekong": 7}
    assert breaker.is_resting("plasgate")
    breaker.succeeded("plasgate")
    assert not breaker.is_resting("plasgate")


def test_a_chat_that_shut_us_out_ends_the_following(by_chat, air):
    lost, more = message(by_chat), message(by_chat)
    air.book.moods["telegram"] = Mood.GONE
    assert send_due("telegram", tell_time=lambda: NOON) == 0
    by_chat.refresh_from_db()
    assert (by_chat.state, by_chat.end_reason) == (FollowingState.ENDED, EndReason.GONE)
    assert by_chat.address_sealed is None
    lost.refresh_from_db()
    more.refresh_from_db()
    assert (lost.state, lost.error_code) == (MessageState.FAILED, "chat_closed")
    assert more.state == MessageState.CANCELLED


def test_whoever_stops_gets_nothing_that_was_on_its_way(by_phone, air):
    message(by_phone)
    end_following(by_phone.pk)
    assert send_due("sms", tell_time=lambda: NOON) == 0
    assert Message.objects.get().state == MessageState.CANCELLED
    assert air.book.on(NUMBER) == []


@pytest.mark.parametrize(
    ("hour", "morning"),
    [((20, 59), None), ((21, 0), 1), ((23, 30), 1), ((3, 0), 0), ((6, 59), 0), ((7, 0), None)],
)
def test_nobody_is_woken_at_night(settings, hour, morning):
    settings.QUIET_HOURS = "21:00-07:00"
    moment = NOON.replace(hour=hour[0], minute=hour[1])
    due = not_before(moment, Channel.SMS)
    if morning is None:
        assert due == moment
    else:
        assert due == (moment + timedelta(days=morning)).replace(hour=7, minute=0)
    assert not_before(moment, Channel.EMAIL) == moment


def test_a_retry_at_night_waits_for_the_morning(by_chat, air, settings):
    settings.QUIET_HOURS = "21:00-07:00"
    late = NOON.replace(hour=20, minute=59, second=50)
    sent = message(by_chat, now=late)
    air.book.moods["telegram"] = Mood.BUSY
    send_one("telegram", now=late, spread=EVEN)
    sent.refresh_from_db()
    assert sent.due_at == (late + timedelta(days=1)).replace(hour=7, minute=0, second=0)


def test_a_receipt_says_arrived_or_lost_and_changes_what_is_settled_no_more(by_phone, air):
    first, second = message(by_phone), message(by_phone)
    send_due("sms", tell_time=lambda: NOON)
    assert note_receipt(first.reference, "DELIVRD", now=NOON + HOUR)
    assert note_receipt(second.reference, "UNDELIV", now=NOON + HOUR)
    assert not note_receipt(second.reference, "DELIVRD")
    assert not note_receipt(first.reference, "ENROUTE")
    states = [(each.state, each.error_code) for each in Message.objects.order_by("pk")]
    assert states == [(MessageState.DELIVERED, ""), (MessageState.FAILED, "undeliv")]


def test_no_more_workers_send_at_once_than_places(province, settings):
    settings.SENDERS_PER_PROVINCE, settings.SENDERS_PER_PROVIDER = 1, 1
    with breaker.place_to_send("sms") as first, breaker.place_to_send("sms") as second:
        assert (first, second) == (True, False)
    with breaker.place_to_send("sms") as third:
        assert third


def test_a_channel_without_settings_is_not_offered(settings):
    settings.SMS_GATEWAYS = []
    settings.TELEGRAM_TOKEN = settings.PUSH_CONTACT = settings.EMAIL_HOST = ""
    assert [providers_of(channel) for channel in Channel] == [(), (), (), ()]
