"""Attaching scans in a real browser: over a line that is cut, by dropping, and without mouse."""

import pytest

from tests.services.documents.scans import pdf, picture
from tests.services.web.conftest import HOST
from tests.services.web.test_in_a_browser import DESK, Site, site, violations

__all__ = ["site"]
pytestmark = pytest.mark.browser
SCAN = {
    "name": "scan.pdf",
    "mimeType": "application/pdf",
    "buffer": pdf(b"%" + b"x" * 700_000 + b"\n"),
}


def open_file(site: Site, language: str) -> None:
    site.page.set_viewport_size(DESK)
    site.speak(language)
    site.sign_in()
    site.page.goto(site.at(f"/requests/{site.code}", host=HOST))


def listed(page) -> int:
    return page.locator(".ow-papers__list li").count()


def test_a_scan_arrives_over_a_line_that_is_cut(site):
    open_file(site, "km")
    page, sent = site.page, []

    def cut(route):
        sent.append(route.request.headers["upload-offset"])
        if len(sent) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/*", lambda route: cut(route) if is_part(route) else route.continue_())
    page.set_input_files("#document-file", SCAN)
    page.locator(".ow-papers__add button").focus()
    page.keyboard.press("Enter")
    page.get_by_text("បណ្តាញដាច់។").wait_for()
    page.get_by_text("បានភ្ជាប់ឯកសាររួចហើយ។").wait_for()
    assert sent == ["0", "262144", "262144", "524288"]
    assert listed(page) == 1
    assert violations(page) == []


def is_part(route):
    return route.request.method == "PATCH"


def test_a_dropped_photo_is_attached_and_shown(site):
    open_file(site, "en")
    page = site.page
    page.evaluate(
        """([bytes]) => {
            const file = new File([new Uint8Array(bytes)], "photo.jpg", {type: "image/jpeg"});
            const data = new DataTransfer();
            data.items.add(file);
            const form = document.querySelector(".ow-papers__add");
            form.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true,
                cancelable: true}));
        }""",
        [list(picture())],
    )
    page.locator(".ow-papers__add button").click()
    page.get_by_text("The document is attached.").wait_for()
    with page.expect_popup() as opened:
        page.locator(".ow-papers__list a").click()
    shown = opened.value
    shown.wait_for_load_state()
    assert shown.evaluate("document.images[0].naturalWidth") == 320


def test_a_wrong_file_is_told_beside_the_form_and_can_be_put_right(site):
    open_file(site, "en")
    page = site.page
    page.set_input_files("#document-file", {**SCAN, "buffer": picture()})
    page.locator(".ow-papers__add button").click()
    page.get_by_text("This file is not what its name says").wait_for()
    assert violations(page) == []
    page.set_input_files("#document-file", SCAN)
    page.locator(".ow-papers__add button").click()
    page.get_by_text("The document is attached.").wait_for()
    assert listed(page) == 1
