"""An administrator's work by keyboard alone, in Khmer: offices, people, days, lost second steps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from owso.accounts.models import User
from owso.accounts.permissions import Role
from services.calendars.models import Holiday
from services.offices.models import Office as OfficeRow
from tenants import clock
from tenants.context import in_province, province_by_code
from tests.factories import district_office, staff, unit
from tests.second_steps import code_of, with_application
from tests.services.web.conftest import HOST
from tests.services.web.live import chromium, server
from tests.services.web.test_casework_in_a_browser import press_to
from tests.services.web.test_in_a_browser import DESK, PASSWORD, violations

pytestmark = pytest.mark.browser
HERE = "/manage/offices/0103"
NEW_PASSWORD = "a boat on the Sap river"
WHY = "\u1794\u17b6\u178f\u17cb\u1791\u17bc\u179a\u179f\u1796\u17d2\u1791"


@dataclass
class Province:
    """A province with an office that is not open yet, and a cashier who lost the phone."""

    port: int
    browser: Browser
    secret: str
    cashier: int
    day: str

    def at(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def somebody(self) -> Page:
        """A browser of its own, in Khmer."""
        context = self.browser.new_context(viewport=DESK)
        cookie = {"name": "owso_language", "value": "km", "url": self.at("/")}
        context.add_cookies([cookie])
        return context.new_page()

    def sign_in(self, page: Page, username: str, password: str) -> None:
        page.goto(self.at("/account/sign-in/"))
        type_in(page, username, password)


def type_in(page: Page, *words: str) -> None:
    """Type into one field after the other, then Enter."""
    for place, word in enumerate(words):
        if place:
            page.keyboard.press("Tab")
        page.keyboard.type(word)
    page.keyboard.press("Enter")


def send(page: Page, selector: str) -> str:
    """Press a button by Enter; returns what the next page says."""
    press_to(page, selector)
    page.evaluate("document.documentElement.dataset.before = '1'")
    page.keyboard.press("Enter")
    page.wait_for_selector("html:not([data-before]) .ow-done")
    return page.locator(".ow-done").inner_text()


@pytest.fixture
def province_at_work(committed) -> Iterator[Province]:
    """Everything the database holds is written before the browser's loop begins to run here."""
    with in_province(province_by_code("01")):
        OfficeRow.objects.filter(pk=district_office(1)).update(is_active=False)
        people = {"boss": staff(Role.ADMINISTRATOR, office_id=unit())}
        people["money"] = staff(Role.CASHIER)
        secrets = {}
        for name, actor in people.items():
            user = User.objects.get(pk=actor.user_id)
            user.username = name
            user.set_password(PASSWORD)
            user.save()
            secrets[name] = with_application(user)
        holidays = set(Holiday.objects.values_list("day", flat=True))
    day = clock.today() + timedelta(days=1)
    while day.weekday() > 4 or day in holidays:
        day += timedelta(days=1)
    with server(settings.STATIC_ROOT) as port, chromium() as browser:
        cashier = people["money"].user_id
        yield Province(port, browser, secrets["boss"], cashier, day.strftime("%m%d%Y"))


def test_an_administrator_opens_an_office_hires_closes_a_day_and_lets_people_in(province_at_work):
    province, page = province_at_work, province_at_work.somebody()
    keys = page.keyboard
    province.sign_in(page, "boss", PASSWORD)
    page.wait_for_url(province.at("/account/second-step/"))
    type_in(page, code_of(province.secret))
    page.wait_for_url(province.at("/"))

    # An office begins to receive requests, at one more counter, and stays closed on one day.
    page.goto(province.at(HERE))
    press_to(page, "#id_is_active")
    keys.press("Space")
    send(page, f'form[action="{HERE}/details"] button')
    send(page, f'form[action="{HERE}/counters"] > button')
    press_to(page, "#id_first_day")
    keys.type(province.day)
    press_to(page, "#id_reason_km")
    keys.type("ទឹកជំនន់")
    send(page, f'form[action="{HERE}/closed"] button')
    assert "ទឹកជំនន់" in page.locator(".ow-closures").inner_text()

    # A cashier is hired there; the first password is handed over and used once.
    page.goto(province.at("/manage/people"))
    press_to(page, 'a[href="/manage/people/new"]')
    keys.press("Enter")
    page.wait_for_url("**/manage/people/new")
    press_to(page, "#id_full_name_km")
    keys.type("ចាន់ ស្រីនាង")
    press_to(page, "#id_username")
    keys.type("chan.sreyneang")
    keys.press("Enter")
    page.wait_for_selector(".ow-password")
    password = page.locator(".ow-password .ow-big").inner_text()
    press_to(page, ".govuk-button")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/manage/people/\d+$"))
    for name, label in (("role", "បេឡាករ"), ("office", None)):
        press_to(page, f"select[name={name}]")
        keys.press("ArrowDown")
        while (
            label and label not in page.locator(f"select[name={name}] option:checked").inner_text()
        ):
            keys.press("ArrowDown")
    send(page, 'form[action$="/roles"] button')
    assert "បេឡាករ" in page.locator(".ow-closures").inner_text()
    hired = province.somebody()
    province.sign_in(hired, "chan.sreyneang", password)
    hired.wait_for_url(province.at("/account/password/"))
    type_in(hired, password, NEW_PASSWORD, NEW_PASSWORD)
    hired.wait_for_url(province.at("/account/security/"))
    assert "ជំហានទីពីរ" in hired.locator("main").inner_text()

    # Somebody lost the phone: the second steps are taken off, with a reason the person reads.
    page.goto(province.at(f"/manage/people/{province.cashier}"))
    assert violations(page) == []
    press_to(page, "#reason")
    keys.type(WHY)
    send(page, 'button[formaction$="/second-step"]')
    cashier = province.somebody()
    province.sign_in(cashier, "money", PASSWORD)
    cashier.wait_for_url(province.at("/account/security/"))
    press_to(cashier, 'a[href="/account/security/application/"]')
    cashier.keyboard.press("Enter")
    cashier.wait_for_url(province.at("/account/security/application/"))
    secret = cashier.locator(".ow-setup__qr .ow-code").inner_text().replace(" ", "")
    press_to(cashier, "#code")
    type_in(cashier, code_of(secret))
    cashier.wait_for_url(province.at("/account/security/codes/"))
    cashier.keyboard.press("Enter")
    cashier.wait_for_url(province.at("/account/news/"))
    assert WHY in cashier.locator(".ow-changes").inner_text()
    assert violations(cashier) == []
    cashier.keyboard.press("Enter")
    cashier.wait_for_url(province.at("/"))
