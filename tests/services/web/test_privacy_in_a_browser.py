"""A citizen asks for their data: the counter in Khmer, then the phone; and axe's rules."""

import io
import zipfile

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenants.sealing import NONCE_BYTES, derived_key
from tests.databases import owner_connection
from tests.services.web.conftest import HOST
from tests.services.web.test_in_a_browser import DESK, PHONE, site, violations

pytestmark = pytest.mark.browser
__all__ = ["site"]


def number_on_the_card() -> str:
    """The number of the applicant's card, read past the page as the officer reads the card."""
    with owner_connection() as db:
        sealed = db.execute(
            "SELECT id_sealed FROM p01.requests_applicant ORDER BY id DESC"
        ).fetchone()[0]
    version, nonce, body = sealed[0], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    return AESGCM(derived_key("seal", "01", version)).decrypt(nonce, body, b"01").decode()


def test_somebody_asks_for_their_data_and_reads_it_on_the_phone(site):
    page, keys = site.page, site.page.keyboard
    number = number_on_the_card()
    page.set_viewport_size(DESK)
    site.speak("km")
    site.sign_in()
    page.goto(site.at(f"/requests/{site.code}/data", host=HOST))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= DESK["width"]
    page.select_option("#copy-id_kind", "national_id")
    page.locator("#copy-id_number").focus()
    keys.type(number)
    keys.press("Enter")
    page.wait_for_selector(".ow-password")
    assert violations(page) == []
    code = page.locator(".ow-password .ow-big").inner_text()
    page.goto(site.at("/manage/retention", host=HOST))
    assert "ច្បាប់ស្តីពីគណនេយ្យ" in page.locator("table").last.inner_text()
    assert violations(page) == []

    page.set_viewport_size(PHONE)
    page.goto(site.at("/"))
    page.locator("footer a").click()
    assert "សិទ្ធិអ្វីខ្លះ" in page.locator("main").inner_text()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="ខ្ញុំមានលេខកូដ").click()
    page.locator("#code").focus()
    keys.type("01-AAAA")
    keys.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert violations(page) == []
    page.locator("#code").fill(code)
    with page.expect_download() as started:
        page.locator(".ow-button").click()
    package = zipfile.ZipFile(io.BytesIO(started.value.path().read_bytes()))
    assert number in package.read("data.json").decode()
