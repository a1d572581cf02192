"""A phone follows by Telegram and by SMS, is told of each stage, and stops by one tap."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from services.catalogue.queries import published_version
from services.demo.phones.server import CHAT, PhonesServer, System
from services.notify.actions import send_due
from services.offices.actors import system_actor
from services.requests.actions import advance_request, pause_request, resume_request
from services.requests.codes import format_code
from services.requests.kinds import PauseReason
from tenants import clock
from tenants.context import in_province, province_by_code
from tenants.models import Province
from tests.factories import SERVICE, IntakeFactory, RequestFactory, finish
from tests.services.cashier.test_concurrency import at_once
from tests.services.notify.cast import HOOK_TOKEN, NUMBER, TELEGRAM_SECRET, carry
from tests.services.notify.conftest import air as air
from tests.services.web.live import chromium, own_server
from tests.services.web.test_in_a_browser import PHONE, violations

pytestmark = pytest.mark.browser
SYSTEM = system_actor("tests")


@dataclass
class Street:
    """A phone in somebody's hand, the system, and the air between them."""

    url: str
    code: str
    request_id: int
    province: Province
    page: Page
    air: PhonesServer

    def work(self, do) -> None:
        """Let the office work and the workers carry, on a connection of their own."""

        def both():
            do()
            carry("telegram", "sms")

        (failed,) = at_once(self.province, both)
        assert failed is None

    def on_chat(self) -> list[str]:
        return self.air.book.on(str(CHAT))


@pytest.fixture
def street(committed, air, settings) -> Iterator[Street]:
    """The office has begun; the pages know the stand-ins as their providers."""
    province = province_by_code("01")
    with in_province(province):
        intake = IntakeFactory(terms=published_version(SERVICE, on=clock.today()))
        request = RequestFactory(started=clock.now() - timedelta(hours=2), intake=intake)
    settings.TELEGRAM_PAGES = air.url
    names = (
        "TELEGRAM_URL", "TELEGRAM_PAGES", "TELEGRAM_BOT", "TELEGRAM_TOKEN", "TELEGRAM_SECRET",
        "SMS_HOOK_TOKEN", "PLASGATE_URL", "MEKONG_URL", "PUSH_CONTACT", "QUIET_HOURS",
    )  # fmt: skip
    variables = {name: getattr(settings, name) for name in names}
    variables |= {"SMS_GATEWAYS": "plasgate,mekong", "EMAIL_HOST": "127.0.0.1"}
    code = format_code(request.tracking_code)
    with own_server(settings.STATIC_ROOT, variables) as port, chromium() as browser:
        url = f"http://localhost:{port}"
        air.system = System(url, TELEGRAM_SECRET, HOOK_TOKEN)
        page = browser.new_context(viewport=PHONE).new_page()
        yield Street(url, code, request.pk, province, page, air)


def test_a_phone_follows_by_telegram_is_told_each_stage_and_stops(street):
    page = street.page
    page.goto(f"{street.url}/f/{street.code}")
    page.get_by_role("link", name="តាមដានតាម Telegram").click()
    page.get_by_role("button", name="Start").click()
    assert "អ្នកនឹងទទួលដំណឹងអំពីគ្រប់ដំណាក់កាល" in page.locator("section p").inner_text()

    def step(do):
        def act():
            with_now = {"by": SYSTEM, "now": clock.now()}
            do(street.request_id, **with_now)

        street.work(act)
        return street.on_chat()[-1]

    told = step(lambda pk, **more: advance_request(pk, seen_visit_id=None, **more))
    assert told.startswith(street.code)
    assert "បានបញ្ចប់៖" in told
    told = step(lambda pk, **more: pause_request(pk, reason=PauseReason.CORRECTION, **more))
    assert "រង់ចាំអ្នក" in told
    assert "បន្តដំណើរការ" in step(resume_request)
    told = step(finish)
    assert "រួចរាល់។" in told
    assert "ម៉ោងបើក៖" in told
    count = len(street.on_chat())
    page.reload()
    page.get_by_role("button", name="Stop").last.click()
    page.wait_for_load_state()
    assert "បានបញ្ឈប់" in street.on_chat()[-1]
    street.work(lambda: None)
    assert len(street.on_chat()) == count + 1


def test_a_phone_follows_by_sms_and_every_page_is_for_everybody(street):
    page, shots = street.page, os.environ.get("OWSO_SHOTS")

    def look(name):
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        if shots:
            page.screenshot(path=f"{shots}/{name}.png", full_page=True)

    for language in ("en", "km"):
        page.goto(f"{street.url}/f/{street.code}?lang={language}")
        look(f"choose-{language}")
    page.locator("#phone").fill("123")
    page.locator("#phone").press("Enter")
    page.wait_for_selector("#phone-error")
    look("choose-wrong")
    page.locator("#phone").fill("012 345 678")
    page.locator("#phone").press("Enter")
    page.wait_for_url("**/f/digits/*")
    look("digits")
    street.work(lambda: send_due("sms"))
    page.locator("#digits").fill(re.search(r"\d{6}", street.air.book.on(NUMBER)[-1])[0])
    page.locator("#digits").press("Enter")
    page.wait_for_url("**/s/*")
    look("own")
    page.get_by_role("button", name="បញ្ឈប់សារទាំងនេះ").click()
    page.wait_for_selector(".ow-state--done")
    look("stopped")
    page.goto(f"{street.url}/f/digits/nonsense")
    look("over")
