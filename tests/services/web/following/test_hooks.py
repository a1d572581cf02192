"""The doors of the providers: a secret first, everything once, and answers that reveal nothing."""

import json
from datetime import timedelta

import pytest

from services.notify.actions import refuse_address, send_due
from services.notify.kinds import Channel, EndReason, FollowingState, MessageState
from services.notify.models import Following, Message, Refusal
from services.notify.tokens import TELEGRAM, new_token, receipt_mac
from services.requests.codes import format_code, new_code
from tenants import clock
from tenants.context import in_province
from tests.factories import RequestFactory
from tests.services.notify.cast import (
    CHAT,
    HOOK_TOKEN,
    NUMBER,
    TELEGRAM_SECRET,
    chat_follows,
    phone_follows,
)
from tests.services.notify.conftest import air as air

KHMER_HELP, ENGLISH_HELP = "សូមផ្ញើលេខកូដ", "Send the code of your slip"


@pytest.fixture
def bot(citizen, air):
    """Sends an update as Telegram does; each gets a number of its own."""
    numbers = iter(range(1, 1000))

    def tell(told=None, *, secret=TELEGRAM_SECRET, number=None, body=None):
        update = {"update_id": number or next(numbers), **(told or {})}
        with citizen._standing():
            return citizen.client.post(
                "/hooks/telegram",
                json.dumps(update) if body is None else body,
                content_type="application/json",
                headers={"X-Telegram-Bot-Api-Secret-Token": secret},
            )

    return tell


def said(text, chat=CHAT, kind="private"):
    return {"message": {"chat": {"id": chat, "type": kind}, "text": text}}


def started(request, language="en", hours=1):
    body = f"{request.tracking_code}{language}".encode()
    until = clock.now() + timedelta(hours=hours)
    return said(f"/start {new_token(TELEGRAM, '01', body, expires_at=until)}")


def test_start_from_the_page_begins_and_the_button_ends(bot):
    request = RequestFactory(in_progress=True)
    reply = bot(started(request)).json()
    assert (reply["method"], reply["chat_id"]) == ("sendMessage", CHAT)
    assert "You will be told here of every stage" in reply["text"]
    assert format_code(request.tracking_code) in reply["text"]
    following = Following.objects.get()
    assert (following.state, following.channel) == (FollowingState.ACTIVE, Channel.TELEGRAM)
    data = reply["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert len(data) <= 64
    ended = bot({"callback_query": {"id": "7", "data": data}}).json()
    assert ended["method"] == "answerCallbackQuery"
    assert "Stopped." in ended["text"]
    assert Following.objects.get().end_reason == EndReason.STOPPED


def test_a_link_to_the_bot_works_once_and_not_for_ever(bot):
    request = RequestFactory()
    link = started(request)
    assert bot(link).json()["text"].startswith("You will be told")
    used = bot(said(link["message"]["text"], chat=99)).json()["text"]
    assert "used already" in used
    over = bot(started(request, hours=-1)).json()["text"]
    assert "This link is over" in over
    assert Following.objects.count() == 1


def test_stop_ends_everything_of_the_chat_in_every_province(bot, neighbour):
    chat_follows(RequestFactory())
    chat_follows(RequestFactory())
    with in_province(neighbour):
        chat_follows(RequestFactory())
    other = chat_follows(RequestFactory(), chat_id=99)
    assert "Stopped. This chat" in bot(said("/stop")).json()["text"]
    states = list(Following.objects.order_by("pk").values_list("state", flat=True))
    assert states == [FollowingState.ENDED] * 2 + [FollowingState.ACTIVE]
    with in_province(neighbour):
        assert Following.objects.get().state == FollowingState.ENDED
    assert Following.objects.get(pk=other.pk).state == FollowingState.ACTIVE


def test_a_code_is_answered_with_its_stage_and_no_name(bot):
    request = RequestFactory(waiting=True)
    shown = format_code(request.tracking_code)
    text = bot(said(f"where is {shown.lower()} en?")).json()["text"]
    assert "Waiting for you" in text
    assert request.applicant.full_name not in text
    assert "រង់ចាំអ្នក" in bot(said(shown)).json()["text"]


def test_what_is_no_code_gets_help_and_guessing_gets_a_pause(bot):
    helped = bot(said("hi")).json()["text"]
    assert KHMER_HELP in helped
    assert ENGLISH_HELP in helped
    answers = [bot(said(format_code(new_code("01")))).json()["text"] for _ in range(31)]
    assert "There is no request with this code" in answers[29]
    assert "too often" in answers[30]
    real = format_code(RequestFactory().tracking_code)
    assert "too often" in bot(said(real)).json()["text"]
    assert "too often" not in bot(said(real, chat=99)).json()["text"]


def test_groups_pictures_and_nonsense_get_silence(bot):
    assert bot(said("/stop", kind="group")).json() == {}
    assert bot({"edited_message": {}}).json() == {}
    assert bot({"message": {"chat": 7}}).json() == {}
    assert bot({"callback_query": {"id": "1", "data": "stop:010AAAAAAAA"}}).json() == {}
    assert bot(body=b"\xff{").json() == {}
    assert bot({"message": {"chat": {"id": 1, "type": "private"}, "photo": []}}).json()["text"]


@pytest.mark.parametrize("secret", ["", "wrong", "ខុស"])
def test_a_forged_update_is_refused(bot, secret):
    chat_follows(RequestFactory())
    response = bot(said("/stop"), secret=secret.encode().decode("latin-1"))
    assert response.status_code == 403
    assert Following.objects.get().state == FollowingState.ACTIVE


def test_without_a_secret_in_the_settings_every_update_is_refused(bot, settings):
    settings.TELEGRAM_SECRET = ""
    assert bot(said("hi"), secret="").status_code == 403


def test_an_update_that_is_replayed_does_nothing(bot):
    request = RequestFactory()
    assert bot(started(request), number=500).json()
    chat_follows(request)
    assert bot(said("/stop"), number=501).json()
    chat_follows(request)
    assert bot(said("/stop"), number=501).json() == {}
    active = Following.objects.filter(state=FollowingState.ACTIVE)
    assert active.count() == 1


@pytest.fixture
def texted(citizen, air):
    """Somebody writes to our number, by the gateway's call."""

    def tell(text, *, who=NUMBER, token=HOOK_TOKEN, number=""):
        told = {"from": who.lstrip("+"), "content": text, "id": number}
        return citizen.post(f"/hooks/sms/{token}", told)

    return tell


def test_a_code_by_sms_is_answered_in_two_parts_at_most(texted, air):
    request = RequestFactory(in_progress=True)
    code = format_code(request.tracking_code)
    assert texted(f"{code} please").content == b"ACK/Jasmin"
    send_due("sms")
    (answer,) = air.book.on(NUMBER)
    assert answer.startswith(f"{code}: ")
    kept = Message.objects.get()
    assert kept.parts <= 2
    assert NUMBER.encode() not in bytes(kept.address_sealed)
    assert texted("hello").status_code == texted(format_code(new_code("01"))).status_code == 200
    assert Message.objects.count() == 1


def test_stop_by_sms_blocks_the_number_everywhere_until_start(texted, air, neighbour):
    phone_follows(RequestFactory())
    with in_province(neighbour):
        phone_follows(RequestFactory())
    texted("ឈប់")
    following = Following.objects.get()
    assert (following.state, following.end_reason) == (FollowingState.ENDED, EndReason.REFUSED)
    assert Refusal.objects.count() == 1
    with in_province(neighbour):
        assert Following.objects.get().state == FollowingState.ENDED
    texted("START")
    assert Refusal.objects.count() == 0


def test_an_sms_told_twice_is_heard_once(texted, air):
    code = format_code(RequestFactory().tracking_code)
    texted(code, number="m1")
    texted(code, number="m1")
    assert Message.objects.count() == 1


def test_a_forged_sms_is_refused_and_one_without_a_number_ignored(texted, air):
    refuse_address(Channel.SMS, NUMBER)
    assert texted("START", token="wrong").status_code == 403
    assert Refusal.objects.count() == 1
    assert texted("START", who="abc").status_code == 200
    assert Refusal.objects.count() == 1


def test_a_receipt_needs_the_mark_of_its_own_message(citizen, air):
    following = phone_follows(RequestFactory())
    sent = Message.objects.create(
        following=following,
        request_id=following.request_id,
        kind="stage",
        channel="sms",
        text="x",
        created_at=clock.now(),
        due_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=1),
    )
    send_due("sms")
    (arrived,) = air.book.arrived
    path = arrived.receipt_url.split("localhost:8000")[-1].split("localhost")[-1]
    reference = f"01{sent.reference.hex}"
    other = receipt_mac("01", "01" + "0" * 32)
    for forged in (
        f"/hooks/receipts/{reference}/{other}",
        f"/hooks/receipts/99{sent.reference.hex}/{other}",
        "/hooks/receipts/x/y",
    ):
        assert citizen.post(forged, {"message_status": "UNDELIV"}).status_code == 403
    assert citizen.post(path, {"message_status": "DELIVRD", "id": "q1"}).content == b"ACK/Jasmin"
    sent.refresh_from_db()
    assert sent.state == MessageState.DELIVERED
    assert citizen.get(path, {"message_status": "UNDELIV"}).status_code == 200
    sent.refresh_from_db()
    assert sent.state == MessageState.DELIVERED
