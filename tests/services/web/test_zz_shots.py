from datetime import timedelta
import pytest
from tests.services.web.conftest import HOST
from tests.services.web.test_in_a_browser import DESK, PHONE, site
from tests.services.web.test_privacy_in_a_browser import number_on_the_card
from tenants.context import in_province, province_by_code
pytestmark = pytest.mark.browser
OUT = "/tmp/owso/privacy"

@pytest.fixture
def filled(committed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "m"
    from tests.services.privacy.conftest import full_file, SYSTEM
    from services.privacy.actions import dispose, place_hold, record_objection, correct_applicant
    from tests.factories import RequestFactory, staff
    from services.requests.codes import format_code
    with in_province(province_by_code("01")):
        full_file()
        dispose(by=SYSTEM)
        r = RequestFactory(delivered=True)
        clerk = staff("information_officer")
        correct_applicant(r.pk, by=clerk, field="full_name", value="ចាន់ ធីតា", reason="អក្ខរាវិរុទ្ធខុស", evidence="អត្តសញ្ញាណប័ណ្ណ")
        correct_applicant(r.pk, by=clerk, field="phone", value="011222333", reason="លេខផ្លាស់ប្តូរ", evidence="ស៊ីមកាត")
        record_objection(r.pk, by=clerk, against="messages", grounds="ខ្ញុំប្រើទូរសព្ទរួមជាមួយអ្នកជិតខាង")
        place_hold(r.pk, by=staff("administrator"), reason="សាលដីកា លេខ ១២៣", is_on_person=True)
        full = full_file(ago=timedelta(days=1))
        from services.privacy.actions import give_copy
        from services.web.privacy.printing import pdf_of
        from tests.services.privacy.conftest import PAPER
        made = give_copy(full.pk, by=staff("chief"), id_kind="national_id", id_number=PAPER, printed=pdf_of)
        open(f"{OUT}/copy.pdf", "wb").write(made.pdf)
        from services.web.slips.printing import pictures_of
        return format_code(r.tracking_code)

def test_shots(filled, site):
    page = site.page
    for lang in ("km", "en"):
        page.set_viewport_size(PHONE)
        site.speak(lang)
        page.goto(site.at("/privacy")); page.screenshot(path=f"{OUT}/notice-{lang}.png", full_page=True)
        page.goto(site.at("/privacy/copy")); page.screenshot(path=f"{OUT}/fetch-{lang}.png", full_page=True)
        page.fill("#code", "01-AAAA"); page.click(".ow-button"); page.screenshot(path=f"{OUT}/fetch-wrong-{lang}.png", full_page=True)
    page.set_viewport_size(DESK)
    site.speak("km")
    site.sign_in()
    for lang in ("km", "en"):
        site.speak(lang)
        page.goto(site.at(f"/requests/{filled}/data", host=HOST)); page.screenshot(path=f"{OUT}/data-{lang}.png", full_page=True)
        page.goto(site.at("/manage/retention", host=HOST)); page.screenshot(path=f"{OUT}/retention-{lang}.png", full_page=True)
        page.goto(site.at("/requests/new?service=TOU-D-002", host=HOST))
        page.locator("summary", has_text="អ្វីដែលត្រូវប្រាប់" if lang == "km" else "What the applicant").click()
        page.screenshot(path=f"{OUT}/register-{lang}.png", full_page=True)
        page.goto(site.at(f"/requests/{site.code}/data", host=HOST))
        page.select_option("#copy-id_kind", "national_id")
        page.fill("#copy-id_number", "123123123"); page.locator("#copy-id_number").press("Enter")
        page.wait_for_selector(".govuk-error-summary"); page.screenshot(path=f"{OUT}/copy-wrong-{lang}.png", full_page=True)
