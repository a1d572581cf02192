"""The pages as people meet them: a small phone, a keyboard, a screen reader's rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, Response

from owso.accounts.models import User
from owso.accounts.permissions import Role
from services.catalogue.queries import published_version
from services.requests.codes import format_code
from tenants import clock
from tenants.context import in_province, province_by_code
from tests.factories import SERVICE, IntakeFactory, RequestFactory, staff
from tests.second_steps import code_of, with_application
from tests.services.web.conftest import HOST
from tests.services.web.live import chromium, server

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1366, "height": 768}
FIRST_LOAD_BYTES = 30_000
ROLES = [role for role in Role if not role.startswith("ministry")]


@dataclass
class Site:
    """A running installation with one request and one member of staff."""

    port: int
    code: str
    username: str
    page: Page
    secret: str

    def at(self, path: str, *, host: str = "localhost") -> str:
        return f"http://{host}:{self.port}{path}"

    def speak(self, language: str) -> None:
        for host in ("localhost", HOST):
            address = self.at("/", host=host)
            self.page.context.add_cookies(
                [{"name": "owso_language", "value": language, "url": address}]
            )

    def sign_in(self) -> None:
        self.page.goto(self.at("/", host=HOST))
        self.page.keyboard.type(self.username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(self.at("/account/second-step/", host=HOST))
        self.page.keyboard.type(code_of(self.secret))
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(self.at("/", host=HOST))


@pytest.fixture
def site(committed) -> Iterator[Site]:
    """Everything the database holds is written before the browser's loop begins to run here."""
    with in_province(province_by_code("01")):
        terms = published_version(SERVICE, on=clock.today())
        intake = IntakeFactory(terms=terms)
        request = RequestFactory(
            in_progress=True, started=clock.now() - timedelta(hours=2), intake=intake
        )
        user = User.objects.get(pk=staff(*ROLES, sector_id=terms.sector_id).user_id)
        user.set_password(PASSWORD)
        user.save()
        secret = with_application(user)
    code = format_code(request.tracking_code)
    with server(settings.STATIC_ROOT) as port, chromium() as browser:
        page = browser.new_context(viewport=PHONE).new_page()
        yield Site(port, code, user.username, page, secret)


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['target']}" for each in found]


def test_the_answer_is_on_the_first_screen_of_a_small_phone(site):
    for language, words in (("km", "រួចរាល់ត្រឹម"), ("en", "Ready by")):
        site.speak(language)
        site.page.goto(site.at(f"/t/{site.code}"))
        answer = site.page.locator(".ow-now__day")
        assert words in answer.inner_text()
        box = answer.bounding_box()
        assert box["y"] + box["height"] < PHONE["height"]
        wide = site.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]


def test_the_first_load_of_the_tracking_page_is_small(site):
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        measured = response.request.sizes()
        sizes[response.url] = measured["responseBodySize"] + measured["responseHeadersSize"]

    site.page.on("requestfinished", lambda request: weigh(request.response()))
    site.page.goto(site.at(f"/t/{site.code}"), wait_until="networkidle")
    assert len(sizes) == 3
    assert sum(sizes.values()) < FIRST_LOAD_BYTES


def test_the_citizens_pages_break_no_rule_of_accessibility(site):
    for language in ("km", "en"):
        site.speak(language)
        for path in ("/", f"/t/{site.code}", "/t/nonsense"):
            site.page.goto(site.at(path))
            if site.page.locator("summary").count():
                site.page.locator("summary").click()
            assert violations(site.page) == [], path


def test_the_office_pages_break_no_rule_of_accessibility(site):
    site.page.set_viewport_size(DESK)
    site.speak("km")
    site.page.goto(site.at("/", host=HOST))
    assert violations(site.page) == []
    site.sign_in()
    paths = ["/", "/queue", "/requests/new", f"/requests/new?service={SERVICE}"]
    for path in [*paths, f"/requests/{site.code}", "/find?q=nobody"]:
        site.page.goto(site.at(path, host=HOST))
        assert violations(site.page) == [], path


def test_a_request_is_registered_by_keyboard_alone(site):
    page, keys = site.page, site.page.keyboard
    page.set_viewport_size(DESK)
    site.speak("en")
    site.sign_in()
    page.goto(site.at(f"/requests/new?service={SERVICE}", host=HOST))
    assert page.evaluate("document.activeElement.id") == "id_full_name"
    keys.type("សុខ ចាន់ណា")
    for _ in range(40):
        if page.evaluate("document.activeElement.id") == "id_tendered":
            break
        keys.press("Tab")
    keys.type("10000")
    change = page.locator("#preview dd", has_text="5,000 ៛").first
    change.wait_for()
    keys.press("Enter")
    page.wait_for_url("**/requests/01-*/registered")
    assert "Change to give: 5,000 ៛" in page.locator(".ow-done").inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Print"
    assert "5,000 ៛" in page.locator(".govuk-summary-list").inner_text()


def test_a_refusal_moves_the_focus_to_the_summary(site):
    page = site.page
    page.set_viewport_size(DESK)
    site.speak("en")
    site.sign_in()
    page.goto(site.at(f"/requests/new?service={SERVICE}", host=HOST))
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-error-summary")
    focused = page.evaluate("document.activeElement.className")
    assert "govuk-error-summary" in focused
    assert page.locator("#id_full_name").get_attribute("aria-invalid") == "true"
