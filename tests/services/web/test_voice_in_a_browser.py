"""On a small phone, in Khmer: complain and be answered, rate, read the public standard."""

import pytest

from analytics.models import StandardFigure
from services.catalogue.models import Service
from tenants import clock
from tenants.context import as_national, province_by_code
from tests.factories import RequestFactory
from tests.services.web.conftest import HOST
from tests.services.web.test_in_a_browser import DESK, PHONE, site, violations

__all__ = ["site"]
pytestmark = pytest.mark.browser
ANSWER = "ការិយាល័យត្រូវសងប្រាក់ដែលលើសវិញ ហើយបានសុំទោស។"


@pytest.fixture
def figures(committed):
    """A published month of the whole country, with one province hidden."""
    with as_national():
        province, service = province_by_code("01"), Service.objects.order_by("pk").first()
        rows = [("nation", None, None, 904), ("province", province.pk, None, 600)]
        rows += [("province", province_by_code("02").pk, None, 4)]
        rows += [("province", province_by_code("12").pk, None, 300)]
        rows += [("service", None, service.pk, 904)]
        StandardFigure.objects.bulk_create(
            StandardFigure(
                month=clock.today().replace(year=clock.today().year - 1, day=1),
                kind=kind,
                province_id=province_id,
                service_id=service_id,
                received=received,
                on_time=received - 3,
                late=1,
                payments=received,
                income_riel=5_000 * received,
                median_minutes=95,
                p90_minutes=5_000,
                computed_at=clock.now(),
                as_of=clock.now(),
            )
            for kind, province_id, service_id, received in rows
        )


@pytest.fixture
def collected(committed):
    """The code of a request whose result was collected."""
    from services.requests.codes import format_code
    from tenants.context import in_province

    with in_province(province_by_code("01")):
        return format_code(RequestFactory(delivered=True).tracking_code)


def fits(page):
    """Nothing reaches beyond the screen of the phone."""
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_on_a_phone_somebody_complains_in_khmer_and_reads_the_answer(figures, collected, site):
    page = site.page
    site.speak("km")
    page.goto(site.at(f"/t/{site.code}"))
    page.get_by_role("link", name="មានបញ្ហា").click()
    assert page.locator("#code").input_value() == site.code
    assert violations(page) == []
    assert fits(page)
    page.get_by_role("button", name="ដាក់បណ្តឹង").click()
    assert page.get_by_role("alert").is_visible()
    assert violations(page) == []
    page.get_by_label("តម្លៃសេវា ឬការទារប្រាក់ដោយគ្មានបង្កាន់ដៃ").check()
    page.locator("#text").fill("មន្ត្រីទារប្រាក់បន្ថែម ដោយមិនចេញបង្កាន់ដៃ <b>ឱ្យខ្ញុំ</b>")
    page.get_by_role("button", name="ដាក់បណ្តឹង").click()
    page.wait_for_url("**/c/01-*")
    code = page.locator(".vo-code").inner_text()
    assert "<b>ឱ្យខ្ញុំ</b>" in page.locator(".vo-words").inner_text()
    assert violations(page) == []
    assert fits(page)
    _answer(site, code)
    page.set_viewport_size(PHONE)
    page.goto(site.at("/c/"))
    assert violations(page) == []
    page.locator("#code").fill(code.lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/01-*")
    assert ANSWER in page.locator(".vo-words").inner_text()
    assert "ដោះស្រាយរួច" in page.locator(".ow-facts").inner_text()
    assert violations(page) == []
    _rate(site, collected)
    _read_the_standard(site)


def _answer(site, code):
    page = site.page
    page.set_viewport_size(DESK)
    site.sign_in()
    page.goto(site.at("/complaints", host=HOST))
    assert violations(page) == []
    page.get_by_role("link", name=code).click()
    assert violations(page) == []
    page.get_by_label("ដោះស្រាយរួច").check()
    page.locator("#text").fill(ANSWER)
    page.get_by_role("button", name="ផ្ញើចម្លើយ").click()
    page.get_by_text("បានផ្ញើចម្លើយហើយ").wait_for()
    page.goto(site.at("/score-card", host=HOST))
    assert violations(page) == []


def _rate(site, collected):
    page = site.page
    page.goto(site.at(f"/t/{collected}/rate"))
    assert violations(page) == []
    assert fits(page)
    page.get_by_label("ល្អណាស់").first.check()
    page.get_by_role("button", name="ផ្ញើការវាយតម្លៃ").click()
    page.get_by_text("ការវាយតម្លៃរបស់អ្នកត្រូវបានទទួលហើយ").wait_for()
    assert violations(page) == []


def _read_the_standard(site):
    page = site.page
    for language, size in (("km", PHONE), ("en", DESK)):
        site.speak(language)
        page.set_viewport_size(size)
        page.goto(site.at("/standards/"))
        page.locator("summary").last.click()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        page.locator(".st-table a").first.click()
        page.wait_for_url("**/standards/*/01")
        assert violations(page) == []
