"""A screen nobody uses locks: the server decides by the last use, with or without a script."""

import time
from uuid import uuid4

import pytest
from django.conf import settings

from owso.accounts import idle
from owso.accounts.models import OpenSession
from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from services.casework.models import Note
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from tests.factories import SERVICE, RequestFactory
from tests.services.web.conftest import Browser, text_of


@pytest.fixture
def later(monkeypatch):
    """Let time pass: the browser's cookie grows old."""
    passed, real = [0.0], time.time

    def wait(seconds: float) -> None:
        passed[0] += seconds

    monkeypatch.setattr(idle.time, "time", lambda: real() + passed[0])
    return wait


def at_work(desk, member, *, pin: str = "480271"):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer, pin)
    desk.enter(officer, pin)
    return officer


def test_a_shared_screen_locks_after_five_minutes_without_use(desk, member, later):
    officer = at_work(desk, member)
    later(settings.IDLE_LOCK_MINUTES * 60 - 5)
    assert desk.browser.get("/queue").status_code == 200
    later(settings.IDLE_LOCK_MINUTES * 60 + 5)
    locked = desk.browser.get("/queue?tab=mine")
    assert locked["Location"] == "/computer/"
    assert "no-store" in locked["Cache-Control"]
    assert not OpenSession.objects.exists()
    entry = AuditEntry.objects.filter(verb="lock").latest("id")
    assert (entry.actor_id, entry.changes) == (officer.user.pk, {"idle": True})
    page = text_of(desk.browser.get("/computer/"))
    assert "locked because nobody used it" in page
    assert "tab=mine" not in page


def test_whoever_was_locked_out_comes_back_to_the_same_page_and_nobody_else(desk, member, later):
    second = member(Role.INFORMATION_OFFICER)
    desk.employ(second, "739104")
    first = at_work(desk, member)
    for person, pin, landed in ((first, "480271", "/queue?tab=mine"), (second, "739104", "/")):
        later(settings.IDLE_LOCK_MINUTES * 60 + 5)
        desk.browser.get("/queue?tab=mine")
        assert desk.enter(person, pin, next="/")["Location"] == landed
        desk.lock()
        desk.enter(first)


def test_a_page_that_asks_by_itself_is_no_use(desk, member, later):
    at_work(desk, member)
    half = settings.IDLE_LOCK_MINUTES * 30 + 5
    later(half)
    asked = {"HX-Request": "true", "X-Unattended": "1"}
    assert desk.browser.get("/queue", **asked).status_code == 200
    later(half)
    here = {"HX-Current-URL": "http://banteay-meanchey.localhost/notices"}
    part = desk.browser.get("/queue", **asked, **here)
    assert (part.status_code, part["HX-Redirect"]) == (204, "/computer/")
    assert desk.browser.client.session["account_left"]["path"].endswith("/notices")


def test_a_key_that_sends_nothing_is_told_and_keeps_the_screen_open(desk, member, later):
    at_work(desk, member)
    for _ in range(3):
        later(settings.IDLE_LOCK_MINUTES * 60 - 30)
        assert desk.browser.post("/account/used/").status_code == 204
    assert desk.browser.get("/queue").status_code == 200


def test_what_is_sent_after_the_lock_is_not_done(desk, member, later):
    at_work(desk, member)
    later(settings.IDLE_LOCK_MINUTES * 60 + 5)
    sent = desk.browser.post("/tickets", Referer="http://banteay-meanchey.localhost/queue")
    assert sent["Location"] == "/computer/"
    assert not AuditEntry.objects.filter(verb="issue_ticket").exists()


def test_words_sent_after_the_lock_wait_for_their_person(desk, member, later):
    officer = at_work(desk, member)
    request = RequestFactory(in_progress=True)
    here = f"/requests/{format_code(request.tracking_code)}"
    later(settings.IDLE_LOCK_MINUTES * 60 + 5)
    sent = desk.browser.post(f"{here}/note", {"text": "មិនទាន់ផ្ញើ"})
    assert sent["Location"] == "/computer/"
    assert not Note.objects.exists()
    desk.enter(officer)
    assert "មិនទាន់ផ្ញើ" in text_of(desk.browser.get(here))
    later(settings.IDLE_LOCK_MINUTES * 60 + 5)
    form = {"service": SERVICE, "key": str(uuid4()), "full_name": "សុខ ចាន់ណា", "is_complete": "on"}
    desk.browser.post("/requests/new", form)
    desk.enter(officer)
    assert f"draft={form['key']}" in text_of(desk.browser.get("/requests/new"))
    assert ServiceRequest.objects.count() == 1


def test_a_program_is_told_in_its_own_form(desk, member, later):
    at_work(desk, member)
    later(settings.IDLE_LOCK_MINUTES * 60 + 5)
    answer = desk.browser.get("/api/v1/requests/")
    assert (answer.status_code, answer.json()["code"]) == (403, "screen_locked")


def test_a_screen_that_locks_itself_says_where_its_person_was(desk, member):
    officer = at_work(desk, member)
    locked = desk.browser.post("/computer/lock", {"idle": "1", "left": "/notices"})
    assert locked["Location"] == "/computer/"
    assert locked["Clear-Site-Data"] == '"cache"'
    assert desk.enter(officer)["Location"] == "/notices"
    desk.browser.post("/computer/lock", {"idle": "1", "left": "https://elsewhere.example/"})
    assert desk.enter(officer)["Location"] == "/"


def test_an_own_computer_locks_later_and_a_forged_or_missing_use_locks_at_once(
    member, later, province
):
    officer = member(Role.INFORMATION_OFFICER)
    officer.password()
    later(settings.IDLE_LOCK_MINUTES * 60 + 5)
    page = text_of(officer.browser.get("/queue"))
    assert f'data-idle="{settings.IDLE_LOCK_MINUTES_ELSEWHERE * 60}"' in page
    later(settings.IDLE_LOCK_MINUTES_ELSEWHERE * 60 + 5)
    assert officer.browser.get("/queue")["Location"] == "/account/sign-in/"
    assert officer.password()["Location"] == "/queue"
    other = Browser("banteay-meanchey.localhost", province)
    other.client.cookies = officer.browser.client.cookies
    other.client.cookies[idle.COOKIE] = f"{int(time.time())}:forged"
    assert other.get("/queue")["Location"] == "/account/sign-in/"


def test_an_installation_may_leave_it_off(desk, member, later, settings):
    settings.IDLE_LOCK_MINUTES = 0
    at_work(desk, member)
    later(3600)
    page = desk.browser.get("/queue")
    assert page.status_code == 200
    assert "data-idle" not in text_of(page)


def test_the_lock_is_told_in_khmer(desk, member, later):
    at_work(desk, member)
    desk.browser.client.cookies["owso_language"] = "km"
    later(settings.IDLE_LOCK_MINUTES * 60 + 5)
    desk.browser.get("/queue")
    assert "អេក្រង់ត្រូវបានចាក់សោ" in text_of(desk.browser.get("/computer/"))
