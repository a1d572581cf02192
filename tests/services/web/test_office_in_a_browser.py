"""The pages of chiefs and administrators as people meet them: keyboard, Khmer, axe's rules."""

from datetime import timedelta

import pytest

from services.calendars.models import Holiday
from services.requests.codes import format_code
from tenants import clock
from tenants.context import in_province, province_by_code
from tests.factories import RequestFactory
from tests.services.web.conftest import HOST
from tests.services.web.test_in_a_browser import DESK, Site, site, violations

pytestmark = pytest.mark.browser
__all__ = ["site"]
HERE = "/manage/offices/0102"
PAGES = (
    "/morning",
    "/morning/received",
    "/notices",
    "/manage",
    HERE,
    f"{HERE}/services",
    "/manage/people",
    "/manage/people/new",
    "/manage/people/1",
    "/manage/reminders",
)


def enter(site: Site) -> None:
    site.page.set_viewport_size(DESK)
    site.speak("km")
    site.sign_in()


def test_the_pages_of_the_office_break_no_rule_of_accessibility(site):
    enter(site)
    for path in PAGES:
        site.page.goto(site.at(path, host=HOST))
        assert violations(site.page) == [], path
        wide = site.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= DESK["width"], path


@pytest.fixture
def working_day(committed):
    """The next day on which an office opens; asked before the browser's loop begins to run."""
    with in_province(province_by_code("01")):
        holidays = set(Holiday.objects.values_list("day", flat=True))
    day = clock.today() + timedelta(days=1)
    while day.weekday() > 4 or day in holidays:
        day += timedelta(days=1)
    return day


@pytest.fixture
def received(committed):
    """The code of a request of this very day, whatever the hour; written before the browser."""
    with in_province(province_by_code("01")):
        return format_code(RequestFactory(started=clock.now()).tracking_code)


def test_a_chief_closes_a_day_by_keyboard_and_the_morning_leads_to_the_files(
    working_day, received, site
):
    enter(site)
    page, keys = site.page, site.page.keyboard
    page.goto(site.at(HERE, host=HOST))
    page.locator("#id_first_day").focus()
    keys.type(working_day.strftime("%m%d%Y"))
    page.locator("#id_reason_km").focus()
    keys.type("ទឹកជំនន់")
    keys.press("Enter")
    page.wait_for_selector(".ow-done")
    assert "បានកត់ត្រាថ្ងៃបិទហើយ" in page.locator(".ow-done").inner_text()
    assert "ទឹកជំនន់" in page.locator(".ow-closures").inner_text()

    page.goto(site.at("/morning", host=HOST))
    page.locator('a[href^="/morning/received"]').focus()
    keys.press("Enter")
    page.wait_for_url("**/morning/received")
    assert received in page.locator("table").inner_text()
