"""A day of a till by keyboard, in Khmer, from the opening float to the deposit slip."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import Page

from owso.accounts.models import User
from services.cashier.actions import count_till, explain_difference, show_khqr
from services.requests.codes import format_code
from tenants import clock
from tenants.context import in_province, province_by_code
from tests.factories import RequestFactory, staff
from tests.second_steps import code_of, with_application
from tests.services.cashier.tills import counter, opened, pay, pieces, with_account
from tests.services.web.conftest import HOST
from tests.services.web.live import chromium, server
from tests.services.web.test_in_a_browser import DESK, PASSWORD, violations

pytestmark = pytest.mark.browser


@dataclass
class Office:
    """A running office: a cashier, a chief, a fee to pay, and a till the chief must look at."""

    port: int
    cashier: str
    chief: str
    code: str
    waiting: int
    khqr: int
    secrets: dict[str, str]
    page: Page

    def at(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def sign_in(self, username: str, language: str) -> None:
        context = self.page.context
        context.clear_cookies()
        context.add_cookies([{"name": "owso_language", "value": language, "url": self.at("/")}])
        self.page.goto(self.at("/"))
        self.page.keyboard.type(username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(self.at("/account/second-step/"))
        self.page.keyboard.type(code_of(self.secrets[username]))
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(self.at("/"))

    def tab_to(self, element: str) -> None:
        """Press Tab until the element with this id has the focus."""
        for _ in range(60):
            if self.page.evaluate("document.activeElement.id") == element:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(element)


def _hired(actor) -> tuple[str, str]:
    """The name of somebody who can sign in, and the secret of their second step."""
    user = User.objects.get(pk=actor.user_id)
    user.set_password(PASSWORD)
    user.save()
    return user.username, with_application(user)


@pytest.fixture
def office(committed) -> Iterator[Office]:
    with in_province(province_by_code("01")):
        cashier, chief, other = staff("cashier"), staff("chief"), staff("cashier")
        counter(1)
        till = opened(other, number=2)
        pay(other)
        count_till(till.pk, pieces(204_500, 2_000), by=other)
        explain_difference(till.pk, "ប្រាក់អាប់ខុស", by=other)
        with_account()
        request = RequestFactory(charged=True, started=clock.now())
        code = format_code(request.tracking_code)
        order = show_khqr(request.charge.pk, by=cashier)
        people = [_hired(cashier), _hired(chief)]
    with server(settings.STATIC_ROOT) as port, chromium() as browser:
        page = browser.new_context(viewport=DESK).new_page()
        (cashier_name, _), (chief_name, _) = people
        secrets = dict(people)
        yield Office(port, cashier_name, chief_name, code, till.pk, order.pk, secrets, page)


def test_a_day_of_a_till_by_keyboard(office):
    page, keys = office.page, office.page.keyboard
    office.sign_in(office.cashier, "km")
    page.goto(office.at("/till"))
    assert page.evaluate("document.activeElement.id") == "id_float_riel"
    keys.type("២០០០០០")
    keys.press("Enter")
    page.get_by_text("បេឡាបានបើកហើយ").wait_for()

    page.goto(office.at(f"/requests/{office.code}"))
    office.tab_to("pay-tendered")
    keys.type("10000")
    keys.press("Enter")
    page.get_by_text("បានបង់កម្រៃហើយ").wait_for()

    page.goto(office.at("/till/count"))
    assert page.evaluate("document.activeElement.id") == "id_riel_200000"
    keys.type("1")
    office.tab_to("id_riel_5000")
    keys.type("១")
    page.locator("#sum", has_text="205,000 ៛").wait_for()
    keys.press("Enter")
    page.get_by_text("ប្រាក់ដែលរាប់ត្រឹមត្រូវ").wait_for()
    assert "Z-0102-000001" in page.locator("table").inner_text()

    page.goto(office.at("/deposits"))
    office.tab_to("id_bank")
    keys.type("រតនាគារខេត្ត")
    keys.press("Enter")
    page.get_by_text("D-0102-000001").first.wait_for()
    assert "5,000 ៛" in page.locator("table").inner_text()


@pytest.mark.parametrize("language", ["km", "en"])
def test_the_pages_of_money_break_no_rule_of_accessibility(office, language):
    page = office.page
    office.sign_in(office.cashier, language)
    page.goto(office.at("/till"))
    assert violations(page) == []
    page.keyboard.type("200000")
    page.keyboard.press("Enter")
    page.locator(".ow-done").wait_for()
    for path in ("/till", "/till/count", "/deposits", f"/khqr/{office.khqr}"):
        page.goto(office.at(path))
        assert violations(page) == [], path
    office.sign_in(office.chief, language)
    for path in ("/tills", f"/tills/{office.waiting}", "/deposits"):
        page.goto(office.at(path))
        assert violations(page) == [], path
