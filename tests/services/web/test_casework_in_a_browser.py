"""The back office by keyboard alone, in Khmer, from the queue to the signed document."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from owso.accounts.models import User
from owso.accounts.permissions import Role, needs_second_step
from services.casework.actions import ask_opinion, take_file
from services.casework.tokens import format_token
from services.catalogue.queries import published_version
from services.requests.codes import format_code
from tenants import clock
from tenants.context import in_province, province_by_code
from tests.factories import SERVICE, IntakeFactory, RequestFactory, advanced_to, staff
from tests.second_steps import code_of, with_application
from tests.services.web.conftest import HOST
from tests.services.web.live import chromium, server
from tests.services.web.test_in_a_browser import violations

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
DESK = {"width": 1366, "height": 768}
STAFF = (Role.AGENT, Role.SPECIALIST, Role.CHIEF, Role.SIGNATORY, Role.INFORMATION_OFFICER)


@dataclass
class Office:
    """A running installation with the staff of one office and files in their stages."""

    port: int
    people: dict[str, str]
    codes: dict[str, str]
    sign_in: Callable[[str], Page]

    def at(self, path: str, *, host: str = HOST) -> str:
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
def office(committed) -> Iterator[Office]:
    """Everything the database holds is written before the browser's loop begins to run here."""
    with in_province(province_by_code("01")):
        terms = published_version(SERVICE, on=clock.today())
        actors = {role.value: staff(role, sector_id=terms.sector_id) for role in STAFF}
        people, secrets = {}, {}
        for role, actor in actors.items():
            user = User.objects.get(pk=actor.user_id)
            user.set_password(PASSWORD)
            user.save()
            people[role] = user.username
            if needs_second_step([role]):
                secrets[role] = with_application(user)
        codes = {}
        for stage in ("check", "draft", "review", "sign", "seal", "late"):
            started = clock.now() - timedelta(days=90 if stage == "late" else 1)
            intake = IntakeFactory(terms=terms)
            request = RequestFactory(started=started, intake=intake)
            if stage != "late":
                advanced_to(request.pk, stage)
            codes[stage] = format_code(request.tracking_code)
            if stage == "draft":
                agent = actors[Role.AGENT.value]
                take_file(request.pk, by=agent)
                question = "តើទីតាំងសមស្របទេ?"
                ask_opinion(request.pk, role=Role.SPECIALIST, question=question, days=2, by=agent)
    with server(settings.STATIC_ROOT) as port, chromium() as browser:

        def sign_in(role: str) -> Page:
            page = browser.new_context(viewport=DESK).new_page()
            page.goto(f"http://{HOST}:{port}/queue")
            page.keyboard.type(people[role])
            page.keyboard.press("Tab")
            page.keyboard.type(PASSWORD)
            page.keyboard.press("Enter")
            if role in secrets:
                page.wait_for_url("**/account/second-step/")
                page.keyboard.type(code_of(secrets[role]))
                page.keyboard.press("Enter")
            page.wait_for_url(f"http://{HOST}:{port}/queue")
            return page

        yield Office(port, people, codes, sign_in)


def press_to(page: Page, selector: str, *, most: int = 90) -> None:
    """Press Tab until what the selector names has the focus."""
    for _ in range(most):
        if page.evaluate(f"document.activeElement?.matches({selector!r}) ?? false"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Nobody reaches {selector} by keyboard.")


def open_file(office: Office, page: Page, code: str) -> None:
    """From the queue to a file, by keyboard."""
    press_to(page, f'a[href="/requests/{code}"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/requests/{code}")


def finish(page: Page, code: str, step: str) -> None:
    """Press the first button of a file."""
    press_to(page, f'form[action="/requests/{code}/{step}"] button')
    page.keyboard.press("Enter")
    page.wait_for_selector(".ow-done")


def test_a_file_goes_through_the_back_office_by_keyboard(office):
    agent = office.sign_in("agent")
    open_file(office, agent, office.codes["check"])
    finish(agent, office.codes["check"], "advance")

    specialist = office.sign_in("specialist")
    specialist.goto(office.at("/queue?tab=opinions"))
    open_file(office, specialist, office.codes["draft"])
    press_to(specialist, 'select[name="recommendation"]')
    specialist.keyboard.press("ArrowDown")
    press_to(specialist, 'textarea[name="answer"]')
    specialist.keyboard.type("យល់ព្រម")
    press_to(specialist, 'form[action$="/answer"] button')
    specialist.keyboard.press("Enter")
    specialist.wait_for_selector(".ow-done")

    agent.goto(office.at("/queue?tab=mine"))
    open_file(office, agent, office.codes["draft"])
    press_to(agent, 'form[action$="/advance"] button')
    agent.keyboard.press("Enter")
    agent.wait_for_selector(".ow-done")

    chief = office.sign_in("chief")
    open_file(office, chief, office.codes["review"])
    finish(chief, office.codes["review"], "advance")

    signatory = office.sign_in("signatory")
    open_file(office, signatory, office.codes["review"])
    finish(signatory, office.codes["review"], "sign")
    assert "/000001" in signatory.locator("#document").inner_text()
    token = signatory.locator("#document .ow-code").inner_text()

    signatory.goto(office.at(f"/g/{token}", host="localhost"))
    assert "លិខិតនេះពិតប្រាកដ" in signatory.locator("h1").inner_text()
    assert format_token(token.replace("-", "")) == token


def test_a_draft_survives_a_session_that_ends(office):
    agent, code = office.sign_in("agent"), office.codes["check"]
    agent.goto(office.at(f"/requests/{code}"))
    press_to(agent, "details:has(#note-text) > summary")
    agent.keyboard.press("Enter")
    press_to(agent, "#note-text")
    with agent.expect_response("**/unsent") as kept:
        agent.keyboard.type("សូមពិនិត្យទីតាំង")
    assert kept.value.status == 204
    agent.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    agent.keyboard.type(" ម្តងទៀត")
    agent.locator("#signed-out").wait_for(state="visible")
    press_to(agent, "#signed-out a")
    agent.keyboard.press("Enter")
    agent.wait_for_url("**/account/sign-in/**")
    agent.keyboard.type(office.people["agent"])
    agent.keyboard.press("Tab")
    agent.keyboard.type(PASSWORD)
    agent.keyboard.press("Enter")
    agent.wait_for_url(f"**/requests/{code}")
    assert agent.locator("#note-text").input_value() == "សូមពិនិត្យទីតាំង"
    assert "មិនទាន់បានផ្ញើ" in agent.locator(".ow-kept").inner_text()
    finish(agent, code, "note")
    assert agent.locator(".ow-kept").count() == 0
    assert "សូមពិនិត្យទីតាំង" in agent.locator("#notes .ow-said").inner_text()


def test_rows_are_ticked_and_moved_on_by_keyboard(office):
    agent = office.sign_in("agent")
    press_to(agent, f"input[aria-label='{office.codes['late']}']")
    agent.keyboard.press("Space")
    press_to(agent, "form[action='/queue/advance'] button.govuk-button")
    agent.keyboard.press("Enter")
    agent.wait_for_selector(".ow-done")
    assert "1" in agent.locator(".ow-done").inner_text()


def test_the_filter_changes_the_part_and_the_address(office):
    chief = office.sign_in("chief")
    chief.goto(office.at("/queue?tab=office"))
    chief.select_option("#queue-stage", "sign")
    chief.wait_for_url("**stage=sign*")
    rows = chief.locator(".ow-queue tbody tr")
    expect(rows).to_have_count(1)
    chief.go_back()
    expect(rows).to_have_count(len(office.codes))
    assert chief.evaluate("Object.keys(localStorage).length") == 0


def test_the_back_office_breaks_no_rule_of_accessibility(office):
    for role, stage in (
        ("agent", "late"),
        ("agent", "draft"),
        ("specialist", "draft"),
        ("chief", "review"),
        ("signatory", "sign"),
        ("information_officer", "seal"),
    ):
        page = office.sign_in(role)
        assert violations(page) == [], f"queue of {role}"
        page.goto(office.at(f"/requests/{office.codes[stage]}"))
        for summary in page.locator(".ow-side summary").all():
            summary.click()
        assert violations(page) == [], (role, stage)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= DESK["width"]
    for path in ("/g/", "/g/nonsense"):
        page.goto(office.at(path, host="localhost"))
        assert violations(page) == [], path
