"""Signing in as people do it: passkeys, a shared computer, by keyboard, in Chromium."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import Page

from owso.accounts.models import User
from owso.accounts.permissions import Role
from services.devices.actions import enrol_device, set_pin
from services.devices.models import Device
from services.offices.actors import actor_of
from tenants.context import in_province, province_by_code
from tests.factories import RequestFactory, district_office, staff
from tests.second_steps import code_of, with_application
from tests.services.web.conftest import HOST
from tests.services.web.live import chromium, server
from tests.services.web.test_in_a_browser import DESK, violations

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
PINS = {"first": "480271", "second": "739104"}
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Office:
    """A running office with a shared computer and three people."""

    port: int
    page: Page
    secret: str
    applicant: str

    def at(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def type_in(self, *words: str) -> None:
        keys = self.page.keyboard
        for place, word in enumerate(words):
            if place:
                keys.press("Tab")
            keys.type(word)
        keys.press("Enter")

    def speak(self, language: str) -> None:
        cookie = {"name": "owso_language", "value": language, "url": self.at("/")}
        self.page.context.add_cookies([cookie])

    def arrived(self, path: str) -> None:
        self.page.wait_for_url(self.at(path))


@pytest.fixture
def office(committed) -> Iterator[Office]:
    """Everything the database holds is written before the browser's loop begins to run here."""
    with in_province(province_by_code("01")):
        request = RequestFactory(in_progress=True)
        applicant = request.applicant.full_name
        chief = staff(Role.CHIEF)
        _device, cookie = enrol_device(district_office(), "Counter 1", by=chief)
        people = {"chief": chief, "money": staff(Role.CASHIER)}
        people |= {name: staff(Role.INFORMATION_OFFICER) for name in PINS}
        for name, actor in people.items():
            user = User.objects.get(pk=actor.user_id)
            user.username = name
            user.full_name_en, user.full_name_km = f"Keo {name.title()}", f"កែវ {name}"
            user.set_password(PASSWORD)
            user.save()
            if name in PINS:
                set_pin(Device.objects.get(), user, PINS[name], PINS[name], by=actor_of(user))
        secret = with_application(User.objects.get(username="chief"))
    with server(settings.STATIC_ROOT) as port, chromium() as browser:
        page = browser.new_context(viewport=DESK).new_page()
        made = Office(port, page, secret, applicant)
        made.speak("en")
        page.context.add_cookies([{"name": "owso_device", "value": cookie, "url": made.at("/")}])
        yield made


def test_a_passkey_is_made_and_opens_the_account(office):
    page = office.page
    page.context.clear_cookies(name="owso_device")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(office.at("/queue"))
    office.type_in("money", PASSWORD)
    office.arrived("/account/security/")
    page.get_by_role("link", name="Add a passkey").click()
    office.arrived("/account/security/passkey/")
    office.type_in("blue key")
    office.arrived("/account/security/codes/")
    kept = tools.send("WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]})
    assert [each["rpId"] for each in kept["credentials"]] == [HOST]
    assert page.locator(".ow-codes li").count() == 10
    page.keyboard.press("Enter")
    office.arrived("/queue")
    page.get_by_role("button", name="Sign out").click()
    office.arrived("/account/sign-in/")
    office.type_in("money", PASSWORD)
    office.arrived("/")  # the browser shows the passkey at once, nothing is typed
    page.get_by_role("link", name="Keo Money").click()
    assert "blue key" in page.locator("main").inner_text()


def test_a_browser_without_the_passkey_is_told(office):
    page = office.page
    page.context.clear_cookies(name="owso_device")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(office.at("/account/sign-in/"))
    office.type_in("money", PASSWORD)
    office.arrived("/account/security/")
    page.goto(office.at("/account/security/passkey/"))
    office.type_in("blue key")
    office.arrived("/account/security/codes/")
    tools.send("WebAuthn.clearCredentials", {"authenticatorId": made["authenticatorId"]})
    page.get_by_role("button", name="Sign out").click()
    office.arrived("/account/sign-in/")
    office.type_in("money", PASSWORD)
    page.get_by_text("did not show a passkey").wait_for(state="visible")
    assert page.url == office.at("/account/second-step/")


def test_the_next_person_is_in_within_seconds_and_reads_nothing_of_the_first(office):
    page, keys = office.page, office.page.keyboard
    page.goto(office.at("/"))
    page.get_by_label("Keo First").focus()
    keys.press("Space")
    keys.press("Tab")
    keys.type(PINS["first"])
    office.arrived("/")
    page.goto(office.at("/find?q=" + office.applicant.split()[0]))
    page.goto(office.at("/account/security/"))
    page.goto(office.at("/queue"))
    assert "Keo First" in page.locator(".ow-bar").inner_text()

    begun, pressed = time.monotonic(), 0
    keys.press("F9")
    office.arrived("/computer/")
    for key in ("ArrowDown", "Tab", *PINS["second"]):
        keys.press(key)
        pressed += 1
    office.arrived("/")
    taken = time.monotonic() - begun
    assert "Keo Second" in page.locator(".ow-bar").inner_text()
    assert pressed <= 8
    assert taken < 5, f"{taken:.1f} s"

    for _ in range(5):  # back through every page that the first person saw
        page.go_back()
        page.wait_for_load_state()
        assert "Keo First" not in page.locator(".ow-bar").inner_text()
        assert office.applicant not in page.content() or "Keo Second" in page.content()


def test_after_locking_the_back_button_shows_the_names(office):
    page, keys = office.page, office.page.keyboard
    page.goto(office.at("/"))
    page.get_by_label("Keo First").check()
    keys.press("Tab")
    keys.type(PINS["first"])
    office.arrived("/")
    page.goto(office.at("/queue"))
    keys.press("F9")
    office.arrived("/computer/")
    page.go_back()
    page.get_by_text("Who works now?").wait_for()
    assert "Keo First" not in page.locator(".ow-bar").inner_text()


def test_an_unused_screen_is_emptied_at_once_and_its_person_comes_back(office):
    page, keys = office.page, office.page.keyboard
    office.speak("km")
    page.goto(office.at("/"))
    page.locator("input[name=who]").first.focus()
    page.get_by_label("កែវ first").check()
    keys.press("Tab")
    keys.type(PINS["first"])
    office.arrived("/")
    page.clock.install()
    page.goto(office.at("/find?q=" + office.applicant.split()[0]))
    page.clock.fast_forward("04:40")
    page.locator("[data-idle-soon]").wait_for(state="visible")
    assert "គ្មានអ្នកប្រើអេក្រង់នេះទេ" in page.locator("[data-idle-soon]").inner_text()
    keys.press("Shift")
    page.locator("[data-idle-soon]").wait_for(state="hidden")
    page.clock.fast_forward("05:01")
    office.arrived("/computer/")
    shown = page.locator("main").inner_text()
    assert "អេក្រង់ត្រូវបានចាក់សោ" in shown
    assert office.applicant not in page.content()
    page.go_back()
    page.get_by_text("អេក្រង់ត្រូវបានចាក់សោ").wait_for()
    assert office.applicant not in page.content()
    page.get_by_label("កែវ first").check()
    keys.press("Tab")
    keys.type(PINS["first"])
    page.wait_for_url(office.at("/find?q=*"))


def test_the_pages_of_signing_in_break_no_rule_of_accessibility(office):
    page = office.page
    for language in ("km", "en"):
        office.speak(language)
        page.goto(office.at("/computer/"))
        assert violations(page) == [], "computer"
        page.goto(office.at("/account/sign-in/?full=1"))
        assert violations(page) == [], "sign-in"
    office.type_in("chief", PASSWORD)
    office.arrived("/account/second-step/")
    assert violations(page) == [], "second step"
    office.type_in(code_of(office.secret))
    office.arrived("/")
    for language in ("km", "en"):
        office.speak(language)
        for path in ("security/", "password/", "security/application/", "security/passkey/",
                     "security/codes/"):  # fmt: skip
            page.goto(office.at(f"/account/{path}"))
            assert violations(page) == [], path
        page.goto(office.at("/computer/device"))
        assert violations(page) == [], "device"
