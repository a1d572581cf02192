"""Following on the public page: asked for, confirmed by the person, ended by one tap."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import cache

from services.notify.actions import forget_addresses, send_due
from services.notify.kinds import EndReason, FollowingState, MessageState
from services.notify.models import Following, Message, Refusal, UsedToken
from services.notify.tokens import TYPED, new_token, stop_token
from services.offices.actors import system_actor
from services.requests.codes import format_code, new_code
from tenants import clock
from tests.factories import RequestFactory, staff
from tests.services.notify.cast import NUMBER, PHONE, phone_follows
from tests.services.notify.conftest import air as air
from tests.services.web.conftest import text_of

SYSTEM = system_actor("tests")


def page_of(request) -> str:
    return f"/f/{format_code(request.tracking_code)}"


def digits_on(air) -> str:
    return re.search(r"\d{6}", air.book.on(NUMBER)[-1])[0]


def test_the_page_offers_what_is_set_up_and_asks_for_no_name(citizen, air, settings):
    request = RequestFactory()
    page = text_of(citizen.get(page_of(request)))
    assert "https://t.me/owso_bot?start=" in page
    assert 'name="phone"' in page
    assert 'name="email"' not in page
    assert request.applicant.full_name not in page
    settings.SMS_GATEWAYS = []
    settings.TELEGRAM_TOKEN = settings.PUSH_CONTACT = ""
    assert "Messages are not offered at the moment" in text_of(citizen.get(page_of(request)))


def test_the_tracking_page_leads_to_following_until_the_request_is_finished(citizen, air):
    open_, closed = RequestFactory(in_progress=True), RequestFactory(delivered=True)
    for request, is_led in ((open_, True), (closed, False)):
        page = text_of(citizen.get(f"/t/{format_code(request.tracking_code)}"))
        assert (f'href="{page_of(request)}"' in page) is is_led


def test_a_number_is_confirmed_by_the_digits_and_ended_by_one_button(citizen, air):
    request = RequestFactory()
    asked = citizen.post(f"{page_of(request)}/sms", {"phone": PHONE})
    assert asked.status_code == 302
    assert Following.objects.get().state == FollowingState.PENDING
    send_due("sms")
    digits = digits_on(air)
    wrong = citizen.post(asked["Location"], {"digits": "000000" if digits != "000000" else "1"})
    assert wrong.status_code == 422
    assert "These are not the digits" in text_of(wrong)
    done = citizen.post(asked["Location"], {"digits": f" {digits[:3]} {digits[3:]} "})
    assert done.status_code == 302
    own = done["Location"]
    assert "You are told of every stage" in text_of(citizen.get(own))
    assert Following.objects.get().state == FollowingState.ACTIVE
    stopped = text_of(citizen.post(own, {"stop": "1"}))
    assert "No more messages" in stopped
    following = Following.objects.get()
    assert (following.state, following.end_reason) == (FollowingState.ENDED, EndReason.STOPPED)
    assert following.address_sealed is following.address_hash is None
    assert Refusal.objects.count() == 0


def test_guessing_digits_ends_after_five_tries_and_old_digits_are_over(citizen, air):
    request = RequestFactory()
    where = citizen.post(f"{page_of(request)}/sms", {"phone": PHONE})["Location"]
    send_due("sms")
    digits = digits_on(air)
    wrong = str((int(digits) + 1) % 1_000_000).zfill(6)
    answers = [citizen.post(where, {"digits": wrong}).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 409]
    refused = citizen.post(where, {"digits": digits})
    assert refused.status_code == 409
    assert "begin again" in text_of(refused)
    again = citizen.post(f"{page_of(request)}/sms", {"phone": PHONE})["Location"]
    Following.objects.update(code_until=clock.now() - timedelta(seconds=1))
    send_due("sms")
    assert citizen.post(again, {"digits": digits_on(air)}).status_code == 409
    body = (1).to_bytes(8, "big")
    past = new_token(TYPED, "01", body, expires_at=clock.now() - timedelta(seconds=1))
    over = citizen.get(f"/f/digits/{past}")
    assert over.status_code == 410
    assert "This link is over" in text_of(over)


@pytest.mark.parametrize("phone", ["", "hello", "123", "+1 202 555 0143", "<b>012345678</b>x"])
def test_a_number_that_cannot_be_is_told_beside_the_field(citizen, air, phone):
    response = citizen.post(f"{page_of(RequestFactory())}/sms", {"phone": phone})
    assert response.status_code == 422
    page = text_of(response)
    assert 'id="phone-error"' in page
    assert "<b>" not in page.split("<main")[1].split("<h2>SMS</h2>")[1].split("value=")[1][:40]
    assert Message.objects.count() == 0


def test_a_number_is_written_to_three_times_a_day_and_a_refusing_one_never(citizen, air):
    requests = [RequestFactory() for _ in range(4)]
    answers = [
        citizen.post(f"{page_of(each)}/sms", {"phone": PHONE}).status_code for each in requests
    ]
    assert answers == [302, 302, 302, 409]
    Message.objects.all().delete()
    own = Following.objects.first()
    citizen.post(f"/s/{stop_token('01', own.pk)}", {"refuse": "1"})
    assert Refusal.objects.count() == 1
    # The answer is the same: nobody learns from it whose number refused.
    assert citizen.post(f"{page_of(requests[0])}/sms", {"phone": PHONE}).status_code == 302
    assert Message.objects.count() == 0


def test_an_address_may_have_us_write_twenty_times_an_hour(citizen, air):
    request = RequestFactory()
    answers = [
        citizen.post(f"{page_of(request)}/sms", {"phone": "nonsense"}).status_code
        for _ in range(21)
    ]
    assert answers == [422] * 20 + [429]


def test_an_e_mail_address_is_confirmed_by_a_button_behind_the_link_once(citizen, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    request = RequestFactory()
    sent = citizen.post(f"{page_of(request)}/email", {"email": " dara@example.com "})
    assert "Look into your mailbox" in text_of(sent)
    link = re.search(r"/f/e/[\w-]+", Message.objects.get().text)[0]
    assert citizen.get(link).status_code == 200
    assert Following.objects.get().state == FollowingState.PENDING
    assert citizen.post(link).status_code == 302
    assert Following.objects.get().state == FollowingState.ACTIVE
    again = citizen.post(link)
    assert again.status_code == 409
    assert UsedToken.objects.count() == 1
    wrong = citizen.post(f"{page_of(request)}/email", {"email": "dara@"})
    assert (wrong.status_code, 'id="email-error"' in text_of(wrong)) == (422, True)


def test_every_code_that_leads_nowhere_gets_the_answer_of_the_tracking_page(citizen, air):
    for typed in ("nonsense", format_code(new_code("01")), format_code(new_code("99"))):
        for path in (f"/f/{typed}", f"/f/{typed}/sms"):
            ask = citizen.post if path.endswith("sms") else citizen.get
            response = ask(path)
            assert response.status_code == 404
            assert "We did not find a request with this code" in text_of(response)


def test_a_finished_request_has_nothing_more_to_tell(citizen, air):
    request = RequestFactory(delivered=True)
    assert "This request is finished" in text_of(citizen.get(page_of(request)))
    refused = citizen.post(f"{page_of(request)}/sms", {"phone": PHONE})
    assert refused.status_code == 409


@pytest.mark.parametrize("token", ["x", "0100000000000", "ឈប់", "01" * 40])
def test_a_link_that_is_not_ours_ends_nothing_and_says_so(citizen, air, token):
    response = citizen.post(f"/s/{token}", {"stop": "1"})
    assert response.status_code == 404
    assert "This link is over" in text_of(response)


def test_an_opened_link_alone_ends_nothing(citizen, air):
    following = phone_follows(RequestFactory())
    assert citizen.get(f"/s/{stop_token('01', following.pk)}").status_code == 200
    following.refresh_from_db()
    assert following.state == FollowingState.ACTIVE


def test_a_link_speaks_the_followers_language_until_another_is_chosen(citizen, air):
    del citizen.client.cookies["owso_language"]
    following = phone_follows(RequestFactory(), language="en")
    own = f"/s/{stop_token('01', following.pk)}"
    assert "You are told of every stage" in text_of(citizen.get(own))
    assert "អ្នកទទួលដំណឹងគ្រប់ដំណាក់កាល" in text_of(citizen.get(f"{own}?lang=km"))


def test_a_browser_is_taken_with_a_push_service_only(citizen, air):
    request = RequestFactory()
    path = f"{page_of(request)}/push"
    keys = {"p256dh": "B" * 87, "auth": "A" * 22}

    def push(told):
        with citizen._standing():
            return citizen.client.post(path, json.dumps(told), content_type="application/json")

    taken = push({"endpoint": f"{air.url}/push/one", "keys": keys})
    assert taken.status_code == 201
    assert "/s/01" in taken.json()["own"]
    for wrong in ({}, [], {"endpoint": "https://evil.example/", "keys": keys}, {"keys": 1}):
        refused = push(wrong)
        assert (refused.status_code, bool(refused.json()["message"])) == (422, True)
    with citizen._standing():
        broken = citizen.client.post(path, b"{", content_type="application/json")
    assert broken.status_code == 400


def test_the_worker_of_the_browser_is_served_from_the_root(citizen):
    response = citizen.get("/follow-worker.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert "showNotification" in text_of(response)


def test_staff_see_the_state_of_each_message_and_no_address(citizen, air, sign_in):
    request = RequestFactory()
    following = phone_follows(request)
    Message.objects.create(
        following=following,
        request=request,
        kind="stage",
        channel="sms",
        text="x",
        created_at=clock.now(),
        due_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=1),
    )
    send_due("sms")
    browser = sign_in(staff("information_officer"))
    page = text_of(browser.get(f"/requests/{format_code(request.tracking_code)}"))
    told = page.split('id="told"')[1].split("</section>")[0]
    assert "Follows" in told
    assert "Sent" in told
    assert "345" not in told


def test_addresses_go_when_the_request_is_long_closed_and_texts_after_a_month(citizen, air):
    request = RequestFactory(ready=True)
    phone_follows(request)
    citizen.post(f"{page_of(RequestFactory())}/sms", {"phone": "011 222 333"})
    now = clock.now()
    assert forget_addresses(by=SYSTEM, now=now).followings == 0
    type(request).objects.filter(pk=request.pk).update(
        state="withdrawn", closed_at=now - timedelta(days=7)
    )
    assert forget_addresses(by=SYSTEM, now=now + timedelta(days=2)).followings == 2
    reasons = set(Following.objects.values_list("end_reason", flat=True))
    assert reasons == {EndReason.CLOSED, EndReason.EXPIRED}
    assert forget_addresses(by=SYSTEM, now=now + timedelta(days=31)).messages == 1
    kept = Message.objects.get()
    assert (kept.text, kept.address_sealed, kept.state) == ("", None, MessageState.CANCELLED)
    assert forget_addresses(by=SYSTEM, now=now + timedelta(days=31)).messages == 0


@pytest.fixture(autouse=True)
def _no_memory():
    yield
    cache.clear()
