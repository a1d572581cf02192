"""The front desk by keyboard alone in a real Chromium, in Khmer: key presses are counted."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from playwright.sync_api import Page

from owso.accounts.models import User
from owso.accounts.permissions import Role
from tenants.context import in_province, province_by_code
from tests.databases import owner_connection
from tests.factories import SERVICE, IntakeFactory, RequestFactory, staff
from tests.second_steps import code_of, with_application
from tests.services.web.conftest import HOST
from tests.services.web.live import chromium, server
from tests.services.web.test_in_a_browser import DESK, PASSWORD, violations

pytestmark = pytest.mark.browser
PRINTER = """window.print = () => {
  const page = document.documentElement;
  page.dataset.printed = Number(page.dataset.printed || 0) + 1;
};"""
# A practised typist's pace; the issue is the screen, not the fingers.
KEY_MS = 120
MOST_KEYS = 12
PILE_SECONDS = 20.0


@dataclass
class Desk:
    """A clerk before a screen, whose key presses beyond the applicant's data are counted."""

    port: int
    username: str
    page: Page
    secret: str = ""
    pressed: list[str] = field(default_factory=list)

    def at(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def open(self, path: str) -> None:
        self.page.goto(self.at(path))

    def press(self, *names: str) -> None:
        for name in names:
            self.pressed.append(name)
            self.page.keyboard.press(name)

    def applicant(self, text: str) -> None:
        self.page.keyboard.type(text)

    def sign_in(self) -> None:
        self.open("/")
        self.give_password()
        if self.secret:
            self.page.wait_for_url(self.at("/account/second-step/"))
            self.page.keyboard.type(code_of(self.secret))
            self.page.keyboard.press("Enter")
        self.page.wait_for_url(self.at("/"))

    def give_password(self) -> None:
        self.page.keyboard.type(self.username)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")

    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.id"))

    def wait_for_focus(self, name: str) -> None:
        self.page.locator(f"#{name}:focus").wait_for()

    def wait_for_print(self) -> None:
        self.page.locator("html[data-printed='1']").wait_for(state="attached")


@pytest.fixture
def desk(committed) -> Iterator[Desk]:
    """A small office: one person receives and takes the money."""
    yield from _signed_in(Role.INFORMATION_OFFICER, Role.CASHIER)


@pytest.fixture
def reception(committed) -> Iterator[Desk]:
    """The desk of a larger office: the fee is taken elsewhere, a password is enough."""
    yield from _signed_in(Role.INFORMATION_OFFICER)


def _signed_in(*roles: Role) -> Iterator[Desk]:
    with in_province(province_by_code("01")):
        RequestFactory(intake=IntakeFactory(service=SERVICE))
        user = User.objects.get(pk=staff(*roles).user_id)
        user.set_password(PASSWORD)
        user.save()
        secret = with_application(user) if Role.CASHIER in roles else ""
    with server(settings.STATIC_ROOT) as port, chromium() as browser:
        context = browser.new_context(viewport=DESK)
        context.add_init_script(PRINTER)
        found = Desk(port, user.username, context.new_page(), secret)
        context.add_cookies([{"name": "owso_language", "value": "km", "url": found.at("/")}])
        found.sign_in()
        yield found


def asked(query: str) -> list[tuple]:
    """Ask the province's tables past the browser's loop, in which Django's ORM does not run."""
    with owner_connection() as db:
        db.execute("SET search_path TO p01, public")
        return db.execute(query).fetchall()


def counts() -> list[int]:
    """How many requests, payments and receipts there are."""
    tables = ("requests_servicerequest", "cashier_payment", "cashier_receipt")
    (row,) = asked("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables))
    return list(row)


def test_a_common_service_takes_at_most_twelve_keys(desk):
    before = counts()
    desk.open("/requests/new")
    desk.wait_for_focus("service")
    desk.press("1", "Enter")
    desk.wait_for_focus("id_full_name")
    desk.applicant("សុខ ចាន់ណា")
    desk.press("Tab")
    desk.applicant("012345678")
    desk.press("Enter")
    desk.page.wait_for_url("**/registered")
    desk.press("Enter")
    desk.wait_for_print()
    assert desk.page.locator(".ow-sheet").count() == 2
    desk.wait_for_focus("next")
    desk.press("Enter")
    desk.page.wait_for_url("**/requests/new")
    desk.wait_for_focus("service")
    assert len(desk.pressed) <= MOST_KEYS, desk.pressed
    assert [now - then for now, then in zip(counts(), before, strict=True)] == [1, 1, 1]
    sheets = asked("SELECT sheet FROM desk_printing ORDER BY sheet")
    assert sheets == [("application",), ("payment",)]


def test_a_service_is_found_by_part_of_its_khmer_name_and_in_the_other_spelling(desk):
    desk.open("/requests/new")
    desk.wait_for_focus("service")
    desk.page.keyboard.type("បន្ទប់")
    names = desk.page.locator("#service-options [role=option]")
    assert names.count() >= 1
    assert all("បន្ទប់" in name for name in names.all_inner_texts())
    desk.press("Control+a")
    desk.page.keyboard.type("zzz")
    assert "គ្មានសេវា" in names.first.inner_text()
    desk.press("Enter")
    assert desk.page.url == desk.at("/requests/new")
    desk.press("Control+a")
    desk.page.keyboard.type(SERVICE.lower())
    desk.press("ArrowDown", "ArrowUp", "Enter")
    desk.wait_for_focus("id_full_name")
    assert desk.page.locator("#service-list").input_value() == SERVICE


def test_a_pile_of_copies_is_legalised_within_twenty_seconds(desk):
    before = counts()
    began = time.monotonic()
    desk.open("/requests/copies")
    desk.wait_for_focus("id_quantity")
    desk.page.keyboard.type("25", delay=KEY_MS)
    desk.press("Tab")
    desk.page.keyboard.type("សុខ ចាន់ណា", delay=KEY_MS)
    desk.press("Tab", "Tab")
    desk.page.keyboard.type("50000", delay=KEY_MS)
    desk.page.locator("#sum dd strong", has_text="៛").wait_for()
    desk.press("Enter")
    desk.page.wait_for_url("**/copies?done=*")
    desk.wait_for_print()
    desk.wait_for_focus("id_quantity")
    took = time.monotonic() - began
    assert took < PILE_SECONDS
    assert [now - then for now, then in zip(counts(), before, strict=True)] == [1, 1, 1]
    desk.page.reload()
    desk.wait_for_focus("id_quantity")
    assert asked("SELECT sheet FROM desk_printing") == [("payment",)]


def test_a_draft_survives_a_session_that_ends_and_a_line_that_breaks(reception):
    desk, page = reception, reception.page
    desk.open(f"/requests/new?service={SERVICE}")
    desk.wait_for_focus("id_full_name")
    desk.applicant("សុខ ចាន់ណា")
    page.locator("#saved", has_text="សេចក្តីព្រាង").wait_for()
    page.context.set_offline(True)
    desk.press("Tab")
    desk.applicant("012345678")
    page.locator("#line-down").wait_for(state="visible")
    page.context.set_offline(False)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    desk.press("Tab", "ArrowDown")
    page.locator("#signed-out").wait_for(state="visible")
    assert page.locator("#preview").inner_text()
    page.locator("#signed-out a").click()
    page.wait_for_url("**/account/sign-in/**")
    desk.give_password()
    page.wait_for_url("**/requests/new")
    page.locator(".ow-drafts a").first.click()
    page.wait_for_selector("#id_full_name")
    assert page.locator("#id_full_name").input_value() == "សុខ ចាន់ណា"
    page.locator("#id_full_name").focus()
    desk.press("Enter")
    page.wait_for_url("**/registered")
    assert asked("SELECT id FROM desk_draft") == []


def test_copies_survive_a_session_that_ends(desk):
    page = desk.page
    desk.open("/requests/copies")
    desk.wait_for_focus("id_quantity")
    desk.applicant("25")
    desk.press("Tab")
    with page.expect_response(lambda answer: "full_name=%E1" in (answer.request.post_data or "")):
        desk.applicant("ស")
    page.locator("#saved", has_text="សេចក្តីព្រាង").wait_for()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    desk.press("Tab")
    desk.applicant("012345678")
    page.locator("#signed-out").wait_for(state="visible")
    assert "អ្វីដែលបានវាយនៅរក្សាទុក" in page.locator("#signed-out").inner_text()
    page.locator("#signed-out a").click()
    page.wait_for_url("**/account/sign-in/**")
    desk.give_password()
    page.wait_for_url(desk.at("/account/second-step/"))
    page.keyboard.type(code_of(desk.secret, later=1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/requests/copies")
    page.locator(".ow-drafts a").first.click()
    page.wait_for_url("**/requests/copies?draft=*")
    assert page.locator("#id_quantity").input_value() == "25"
    assert page.locator("#id_full_name").input_value() == "ស"
    page.locator("#id_full_name").focus()
    desk.press("Enter")
    page.wait_for_url("**/copies?done=*")
    assert asked("SELECT id FROM desk_draft") == []


def test_a_double_press_and_going_back_make_nothing_twice(desk):
    before = counts()
    desk.open(f"/requests/new?service={SERVICE}")
    desk.wait_for_focus("id_full_name")
    desk.applicant("សុខ ចាន់ណា")
    desk.press("Enter", "Enter", "Enter")
    desk.page.wait_for_url("**/registered")
    desk.page.go_back()
    desk.wait_for_focus("id_full_name")
    assert desk.page.locator("#id_full_name").input_value() == ""
    assert [now - then for now, then in zip(counts(), before, strict=True)] == [1, 1, 1]


def test_an_earlier_applicant_is_chosen_by_keyboard(desk):
    desk.open(f"/requests/new?service={SERVICE}")
    desk.wait_for_focus("id_full_name")
    desk.applicant("សុខ ដារ៉ា")
    desk.page.locator("#known-1").wait_for()
    desk.page.locator("#known-0").focus()
    desk.press("ArrowDown")
    assert desk.focused() == "known-1"
    desk.page.locator("#saved", has_text="សេចក្តីព្រាង").wait_for()
    desk.press("Enter")
    desk.page.wait_for_url("**/registered")
    rows = asked("SELECT applicant_id FROM requests_servicerequest")
    assert len(rows) == 2
    assert len(set(rows)) == 1


def test_the_desk_breaks_no_rule_of_accessibility(desk):
    page = desk.page
    for language in ("km", "en"):
        page.context.add_cookies(
            [{"name": "owso_language", "value": language, "url": desk.at("/")}]
        )
        for path in ("/", "/requests/new", "/requests/copies", "/posters"):
            desk.open(path)
            assert violations(page) == [], path
        desk.open(f"/requests/new?service={SERVICE}")
        page.locator("#id_full_name").type("សុខ ដារ៉ា")
        page.locator("#known-1").wait_for()
        page.locator("summary").first.click()
        page.locator("#service").focus()
        desk.press("ArrowDown")
        assert violations(page) == []
        page.locator("#id_full_name").focus()
        desk.press("Enter")
        page.wait_for_url("**/registered")
        desk.press("Enter")
        page.locator(".ow-sheet").first.wait_for()
        assert violations(page) == []
