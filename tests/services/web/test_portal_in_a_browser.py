"""A citizen's way on a small phone, in Khmer: from the slip to the page, and who looked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, Request

from owso.accounts.permissions import Role
from owso.audit.models import Reading
from services.catalogue.queries import published_version
from services.desk.actions import print_sheets
from services.desk.queries import printings_of_job
from services.requests.accesses import Read, record_reads
from services.web.private import reading
from services.web.slips.texts import slip_of
from tenants import clock
from tenants.context import in_province, province_by_code
from tests.databases import owner_connection
from tests.factories import SERVICE, IntakeFactory, RequestFactory, staff
from tests.services.web.live import chromium, server

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
FIRST_LOAD_BYTES = 30_000
KBYTES_A_SECOND, LATENCY_MS = 30, 400


@dataclass
class Phone:
    """A phone beside a running installation, and the two papers somebody was given."""

    port: int
    browser: Browser
    page: Page
    request_id: int
    slip: str
    receipt: str

    def at(self, printed: str) -> str:
        """The printed address on this installation."""
        return f"http://localhost:{self.port}{urlsplit(printed).path}"


def _printed(request) -> tuple[str, str]:
    clerk = staff(Role.INFORMATION_OFFICER)
    job = print_sheets(request.pk, by=clerk)
    with reading(clerk):
        slip = slip_of(request, printings_of_job(clerk, request, job), now=clock.now())
    return slip.url, slip.pages[1][0].url


@pytest.fixture
def phone(committed) -> Iterator[Phone]:
    """A request at work, its slip and receipt printed, its file opened by the chief."""
    with in_province(province_by_code("01")):
        intake = IntakeFactory(terms=published_version(SERVICE, on=clock.today()))
        started = clock.now() - timedelta(hours=2)
        request = RequestFactory(in_progress=True, started=started, intake=intake)
        record_reads(staff(Role.CHIEF), [Read(request, Reading.FILE)])
        slip, receipt = _printed(request)
    with server(settings.STATIC_ROOT) as port, chromium() as browser:
        page = browser.new_context(viewport=PHONE, locale="km").new_page()
        yield Phone(port, browser, page, request.pk, slip, receipt)


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page, and whether it is wider than the phone."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['target']}" for each in found] + (
        [f"{wide} pixels wide"] if wide > PHONE["width"] else []
    )


def test_from_the_slip_to_the_page_and_to_who_looked(phone):
    page = phone.page
    page.goto(phone.at(phone.slip))
    assert "រួចរាល់ត្រឹម" in page.locator(".ow-now__day").inner_text()
    page.get_by_role("link", name="ព័ត៌មានបន្ថែម").click()
    page.get_by_label("លេខ ៤ ខ្ទង់ចុងក្រោយ").fill("០០០០")
    page.keyboard.press("Enter")
    assert "មិនត្រូវគ្នាទេ" in page.get_by_role("alert").inner_text()
    assert violations(page) == []
    page.get_by_label("លេខ ៤ ខ្ទង់ចុងក្រោយ").fill("៥៦៧៨")
    page.keyboard.press("Enter")
    looked = page.get_by_role("region", name="អ្នកដែលបានមើលសំណុំរឿងរបស់ខ្ញុំ").inner_text()
    assert "បើកសំណុំរឿង" in looked
    assert "ប្រធានការិយាល័យ" in looked
    assert "មង្គលបូរី" in looked
    assert "5678" not in page.url
    assert violations(page) == []
    page.get_by_role("link", name="បង្កាន់ដៃ 0102-").click()
    assert page.url == phone.at(phone.receipt)
    assert "បង្កាន់ដៃនេះពិតប្រាកដ" in page.locator("h1").inner_text()
    assert violations(page) == []


def test_a_service_is_found_and_its_fee_worked_out_by_keyboard(phone):
    page = phone.page
    page.goto(f"http://localhost:{phone.port}/")
    page.get_by_label("តើអ្នកត្រូវការសេវាអ្វី?").fill("ចំណុចពរំដី")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/?q=**")
    assert violations(page) == []
    page.get_by_role("link", name="ការស្វែងរកចំណុចព្រំដីឡើងវិញ").click()
    page.get_by_label("ប្រភេទទីតាំង").select_option("rural")
    page.get_by_label("ចំនួន").fill("៣")
    page.keyboard.press("Enter")
    page.wait_for_url("**quantity=**")
    assert "90,000 ៛" in page.get_by_role("status").inner_text()
    page.get_by_label("រាជធានី ឬខេត្ត").select_option("01")
    page.get_by_role("button", name="បង្ហាញការិយាល័យ").click()
    assert "បន្ទាយមានជ័យ" in page.locator("#where h3").inner_text()
    assert "90,000 ៛" in page.locator(".ow-sum").inner_text()
    for path in ("", "services/", "services/?event=land", "g/", "g/nonsense", "t/nonsense"):
        page.goto(f"http://localhost:{phone.port}/{path}")
        assert violations(page) == [], path


def test_the_nearest_province_is_found_on_the_phone_itself(phone):
    place = {"latitude": 13.1, "longitude": 103.2}
    context = phone.browser.new_context(
        viewport=PHONE, locale="km", geolocation=place, permissions=["geolocation"]
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"http://localhost:{phone.port}/services/TOU-D-002")
    page.get_by_role("button", name="រកខេត្តដែលខ្ញុំនៅ").click()
    page.wait_for_url("**province=02*")
    assert not any("13.1" in url or "103.2" in url for url in asked)


def test_a_slow_line_brings_the_answer_first_and_few_bytes(phone, record_property):
    """What is loaded, in which order and how much; how long it took is written down only."""
    page, order, sizes = phone.page, [], []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": KBYTES_A_SECOND * 1024,
            "uploadThroughput": KBYTES_A_SECOND * 1024,
        },
    )

    def weigh(request: Request) -> None:
        measured = request.sizes()
        sizes.append(measured["responseBodySize"] + measured["responseHeadersSize"])

    page.on("request", lambda request: order.append(request.resource_type))
    page.on("requestfinished", weigh)
    page.goto(phone.at(phone.slip), wait_until="networkidle")
    painted = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    record_property("bytes", sum(sizes))
    record_property("readable_ms", page.evaluate(painted))
    assert order == ["document", "stylesheet", "script"]
    assert sum(sizes) < FIRST_LOAD_BYTES


def test_without_javascript_everything_is_there(phone):
    page = phone.browser.new_context(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(phone.at(phone.slip))
    assert page.locator(".ow-now__day").is_visible()
    page.locator("summary").first.click()
    assert page.locator(".ow-days").is_visible()
    page.goto(f"http://localhost:{phone.port}/services/LAN-P-004")
    page.locator("#quantity").fill("2")
    page.locator("#by-place_class").select_option("rural")
    page.locator("#quantity").press("Enter")
    page.wait_for_url("**quantity=2**")
    assert "60,000 ៛" in page.locator(".ow-sum").inner_text()
    assert page.locator("[data-position]").is_hidden()


def test_the_page_renews_itself_and_tells_it_aloud(phone):
    page, statuses = phone.page, []
    page.clock.install()
    page.goto(phone.at(phone.slip))
    page.on("response", lambda response: statuses.append(response.status))
    page.locator("summary").first.click()
    with page.expect_response("**/t/**"):
        page.clock.fast_forward(61_000)
    with page.expect_response("**/t/**") as second:
        page.clock.fast_forward(61_000)
    assert second.value.status == 304
    changed = page.locator(".ow-now--waiting")
    assert changed.count() == 0
    with owner_connection() as db:
        db.execute("UPDATE p01.requests_servicerequest SET state = 'waiting', version = 99")
    with page.expect_response("**/t/**"):
        page.clock.fast_forward(61_000)
    changed.wait_for()
    assert "រង់ចាំអ្នក" in page.locator("body > [role=status]").inner_text()
