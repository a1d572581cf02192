"""Each channel against a peer that speaks its real protocol on this machine."""

import base64
import json
from datetime import timedelta

import http_ece
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MailHandler
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from owso.embedded.ports import free_port
from owso.errors import Invalid
from services.demo.phones.book import Mood
from services.demo.simulator import reaches_no_real_phone
from services.notify.actions import follow_by_push, send_due
from services.notify.asking import Word, code_in, language_in, word_in
from services.notify.channels.push import is_push_service, public_key
from services.notify.kinds import EndReason, MessageState
from services.notify.models import Following, Message
from services.notify.sms import parts_of
from services.notify.tokens import new_token, read_stop_token, read_token, stop_token
from services.requests.codes import format_code, new_code
from tenants import clock
from tests.factories import RequestFactory
from tests.services.notify.test_sending import NOON, message


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Mailbox(MailHandler):
    """Keeps what was delivered; refuses one mailbox as unknown."""

    def __init__(self):
        super().__init__()
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the protocol's name
        if address.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, mail):
        self.mails.append(mail)


@pytest.fixture
def mailbox(settings):
    """A mail server on this machine."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port(52_525))
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.DEFAULT_FROM_EMAIL = "owso@example.gov.kh"
    yield box
    controller.stop()


def follower(channel: str, address: str) -> Following:
    from services.notify.actions.writing import new_following
    from services.notify.kinds import Channel

    request = RequestFactory()
    made = new_following(
        request.pk, Channel(channel), address, language="en", now=NOON, confirmed=True
    )
    made.save()
    return made


def test_an_e_mail_can_be_ended_by_the_mail_program_and_never_comes_twice(province, mailbox):
    following = follower("email", "dara@example.com")
    sent = message(following, text="ពាក្យស្នើសុំ", subject="Your request")
    assert send_due("email", tell_time=lambda: NOON) == 1
    (mail,) = mailbox.mails
    assert mail["Message-ID"] == f"<01{sent.reference.hex}@example.gov.kh>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop_token("01", following.pk) in mail["List-Unsubscribe"]
    assert mail.get_payload(decode=True).decode().strip() == "ពាក្យស្នើសុំ"


def test_a_mailbox_that_does_not_exist_ends_the_following(province, mailbox):
    following = follower("email", "nobody@example.com")
    message(following)
    assert send_due("email", tell_time=lambda: NOON) == 0
    following.refresh_from_db()
    assert following.end_reason == EndReason.GONE


def test_a_browser_decrypts_its_notice_and_one_that_is_gone_is_forgotten(province, air):
    key, secret = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    subscription = {
        "endpoint": f"{air.url}/push/one",
        "keys": {"p256dh": encoded(point), "auth": encoded(secret)},
    }
    request = RequestFactory()
    following = follow_by_push(request.tracking_code, subscription, language="km")
    message(following, text="រួចរាល់", subject="01-K7Q4M")
    assert send_due("push", tell_time=lambda: NOON) == 1
    ((headers, body),) = air.book.pushed
    told = json.loads(http_ece.decrypt(body, private_key=key, auth_secret=secret))
    assert (told["title"], told["body"]) == ("01-K7Q4M", "រួចរាល់")
    assert told["url"].endswith(stop_token("01", following.pk))
    assert f"k={public_key()}" in headers["authorization"]
    air.book.moods["push"] = Mood.GONE
    message(following)
    send_due("push", tell_time=lambda: NOON)
    following.refresh_from_db()
    assert following.end_reason == EndReason.GONE


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1.evil.example/push",
        "https://fcm.googleapis.com.evil.example/x",
        "http://fcm.googleapis.com/x",
        "https://owso-database.internal:5432/",
        "file:///etc/passwd",
    ],
)
def test_only_push_services_are_written_to(province, settings, endpoint):
    settings.PUSH_CONTACT = "owso@example.org"
    assert not is_push_service(endpoint)
    assert is_push_service("https://fcm.googleapis.com/fcm/send/x")
    assert is_push_service("https://updates.push.services.mozilla.com/wpush/v2/x")
    keys = {"p256dh": "x" * 87, "auth": "x" * 22}
    request = RequestFactory()
    with pytest.raises(Invalid):
        follow_by_push(request.tracking_code, {"endpoint": endpoint, "keys": keys}, language="km")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ក" * 70, 1),
        ("ក" * 71, 2),
        ("ក" * 134, 2),
        ("ក" * 135, 3),
        ("a" * 69 + "ក", 1),
        ("", 1),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_networks_count_them(text, parts):
    assert parts_of(text) == parts


def test_a_code_is_found_in_whatever_stands_around_it():
    code = new_code("01")
    shown = format_code(code)
    for text in (
        shown,
        f"សូមពិនិត្យ {shown.lower()} អរគុណ",
        f"https://owso.example/t/{shown}?lang=en",
        f"code: {' '.join(code)}!",
        f"2 papers, {shown}\u200b.",
        shown.translate(str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")),
    ):
        assert code_in(text) == code, text
    wrong = shown[:-1] + ("2" if shown[-1] != "2" else "3")
    for text in ("", "hello", wrong, shown + "7", "012 345 678", "x" * 10_000):
        assert code_in(text) is None, text


def test_words_are_understood_in_both_languages():
    assert word_in(" Stop. ") is word_in("ឈប់") is Word.STOP
    assert word_in("START") is word_in("ចាប់ផ្តើម") is Word.START
    assert word_in("stop it now") is None
    assert (language_in("01-x EN"), language_in("01-x")) == ("en", "km")


def test_a_token_is_for_one_purpose_and_one_time_and_cannot_be_altered(province):
    now = clock.now()
    text = new_token("email", "01", b"12345678", expires_at=now + timedelta(hours=1))
    assert read_token("email", text, now=now).body == b"12345678"
    assert read_token("telegram", text, now=now) is None
    assert read_token("email", text, now=now + timedelta(hours=1)) is None
    for place in range(len(text)):
        other = "A" if text[place] != "A" else "B"
        assert read_token("email", text[:place] + other + text[place + 1 :], now=now) is None
    for nonsense in ("", "x", "=" * 10, "A" * 64, "A" * 65, "ក", text + "A"):
        assert read_token("email", nonsense, now=now) is None


def test_a_stop_token_names_one_following_and_is_short(province):
    text = stop_token("01", 1_234_567)
    assert len(text) <= 15
    assert read_stop_token(text.lower()) == ("01", 1_234_567)
    for wrong in (text[:-1] + "0", "02" + text[2:], "", "01", "0" * 65, "ក" * 12):
        assert read_stop_token(wrong) is None or wrong == text


def test_a_message_without_an_address_is_called_back(province, air):
    following = follower("sms", "+85512345678")
    Following.objects.filter(pk=following.pk).update(
        state="ended", ended_at=NOON, end_reason="stopped", address_sealed=None, address_hash=None
    )
    message(following)
    assert send_due("sms", tell_time=lambda: NOON) == 0
    assert Message.objects.get().state == MessageState.CANCELLED


def test_the_simulator_has_people_told_on_stand_ins_only(settings):
    settings.SMS_GATEWAYS = ["plasgate"]
    settings.PLASGATE_URL = settings.MEKONG_URL = "http://127.0.0.1:8090"
    assert reaches_no_real_phone()
    settings.MEKONG_URL = "https://api.mekongsms.com"
    assert not reaches_no_real_phone()
    settings.SMS_GATEWAYS = []
    assert not reaches_no_real_phone()
