"""One full day of an office, from the opening float to the deposit slip, at one computer.

Keyboard alone, in Khmer; the people change places by name and PIN. At the end what the receipts
say, what the ledger says and what lay in the till are one sum.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import Page

from owso.accounts.models import User
from owso.accounts.permissions import Role
from services.cashier.drawers import drawer_of
from services.catalogue.queries import published_version
from services.devices.actions import enrol_device, set_pin
from tenants import clock
from tenants.context import in_province, province_by_code
from tests.factories import SERVICE, district_office, staff
from tests.second_steps import with_application
from tests.services.cashier.tills import counter
from tests.services.web.conftest import HOST
from tests.services.web.live import chromium, server
from tests.services.web.test_desk_in_a_browser import PRINTER, asked
from tests.services.web.test_in_a_browser import DESK

pytestmark = pytest.mark.browser
PEOPLE = {
    "front": (Role.INFORMATION_OFFICER, Role.CASHIER),
    "agent": (Role.AGENT,),
    "specialist": (Role.SPECIALIST,),
    "chief": (Role.CHIEF,),
    "signatory": (Role.SIGNATORY,),
}
PIN = "480271"
FETCH = """async (path) => {
  const answer = await fetch(path), body = new Uint8Array(await answer.arrayBuffer());
  return [answer.status, String.fromCharCode(...body.slice(0, 4))];
}"""
FLOAT_RIEL, RATE, FEE_RIEL = 200_000, 4_000, 5_000
SHORT_RIEL = 1_000
"""What is missing in the evening."""


@dataclass
class Office:
    """The one computer of a small office, and who works there."""

    port: int
    page: Page
    people: dict[str, int]

    def at(self, path: str, *, host: str = HOST) -> str:
        return f"http://{host}:{self.port}{path}"

    def open(self, path: str) -> None:
        self.page.goto(self.at(path))

    def press_to(self, selector: str) -> None:
        """Press Tab until what the selector names has the focus."""
        for _ in range(120):
            if self.page.evaluate(f"document.activeElement?.matches({selector!r}) ?? false"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Nobody reaches {selector} by keyboard.")

    def type_into(self, selector: str, text: str) -> None:
        self.press_to(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def send(self, selector: str, said: str = ".ow-done") -> str:
        """Press a button by Enter; returns what the next page says."""
        self.press_to(selector)
        self.page.evaluate("document.documentElement.dataset.before = '1'")
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f"html:not([data-before]) {said}")
        return self.page.locator(said).first.inner_text()

    def step(self, code: str, name: str) -> str:
        return self.send(f'form[action="/requests/{code}/{name}"] button')

    def unfold(self, form: str) -> None:
        """Open the part of a page in which a form stands folded away."""
        self.press_to(f'details:has(form[action$="{form}"]) > summary')
        self.page.keyboard.press("Enter")

    def fetched(self, path: str) -> list[object]:
        """The status of a paper and how it begins."""
        found: list[object] = self.page.evaluate(FETCH, path)
        return found

    def change_places(self, name: str) -> None:
        """Lock, choose one's name, type the PIN."""
        page, keys = self.page, self.page.keyboard
        if "/computer/" not in page.url:
            keys.press("F9")
        page.wait_for_url(self.at("/computer/"))
        self.press_to("input[name=who]")
        keys.press("Space")
        for _ in self.people:
            if page.evaluate("document.activeElement.value") == str(self.people[name]):
                break
            keys.press("ArrowDown")
        keys.press("Tab")
        keys.type(PIN)
        page.wait_for_url(self.at("/"))


@pytest.fixture
def office(committed) -> Iterator[Office]:
    """Everything the database holds is written before the browser's loop begins to run here."""
    with in_province(province_by_code("01")):
        sector_id = published_version(SERVICE, on=clock.today()).sector_id
        actors = {name: staff(*roles, sector_id=sector_id) for name, roles in PEOPLE.items()}
        counter(1)
        device, cookie = enrol_device(district_office(), "តុទី ១", by=actors["chief"])
        for name, actor in actors.items():
            user = User.objects.get(pk=actor.user_id)
            user.full_name_km = f"កែវ {name}"
            user.save()
            with_application(user)
            set_pin(device, user, PIN, PIN, by=actor)
        people = {name: actor.user_id for name, actor in actors.items()}
    with server(settings.STATIC_ROOT) as port, chromium() as browser:
        context = browser.new_context(viewport=DESK)
        context.add_init_script(PRINTER)
        found = Office(port, context.new_page(), people)
        cookies = {"owso_language": "km", "owso_device": cookie}
        context.add_cookies(
            [{"name": name, "value": text, "url": found.at("/")} for name, text in cookies.items()]
        )
        found.open("/computer/")
        yield found


def registered(office: Office) -> str:
    """Register what the form holds; returns the code."""
    office.page.keyboard.press("Enter")
    office.page.wait_for_url("**/registered")
    return office.page.url.split("/requests/")[1].split("/")[0]


def new_request(office: Office, name: str) -> None:
    office.open(f"/requests/new?service={SERVICE}")
    office.page.locator("#id_full_name:focus").wait_for()
    office.page.keyboard.type(name)


def test_one_full_day_of_an_office(office):
    page, keys = office.page, office.page.keyboard

    # The morning: the chief posts the rate, the front desk opens its till.
    office.change_places("chief")
    office.type_into("#riel_per_dollar", str(RATE))
    keys.press("Enter")
    page.get_by_text("4,000 ៛").first.wait_for()
    office.change_places("front")
    office.open("/till")
    office.type_into("#id_float_riel", "២០០០០០")
    keys.press("Enter")
    page.get_by_text("បេឡាបានបើកហើយ").wait_for()

    # Citizens come: one pays in riel, one in dollars, one forgot a paper, one brings copies.
    new_request(office, "សុខ ចាន់ណា")
    paid = registered(office)
    new_request(office, "ចាន់ ធីតា")
    office.type_into("#id_dollars", "2")
    page.locator("#preview dd", has_text="3,000 ៛").first.wait_for()
    registered(office)
    assert "3,000 ៛" in page.locator(".ow-done").inner_text()
    new_request(office, "កែវ សុភា")
    office.press_to("#id_is_complete")
    keys.press("Space")
    office.press_to("#id_full_name")
    lacking = registered(office)
    assert "ខ្វះ" in page.locator(".ow-state--waiting").inner_text()
    office.open("/requests/copies")
    office.type_into("#id_quantity", "២៥")
    office.type_into("#id_full_name", "លី វិចិត្រ")
    office.type_into("#id_tendered", "100000")
    keys.press("Enter")
    page.wait_for_url("**/copies?done=*")

    # The missing paper arrives: the clock starts and the fee is taken.
    office.open(f"/requests/{lacking}")
    office.step(lacking, "complete")
    office.step(lacking, "pay")

    # The back office: returned for correction, resumed, judged, written, signed, sealed.
    office.change_places("agent")
    office.open(f"/requests/{paid}")
    office.unfold("/pause")
    office.press_to('form[action$="/pause"] select[name=reason]')
    keys.press("ArrowDown")
    office.send('form[action$="/pause"] button')
    assert "ផ្អាក" in page.locator(".ow-clocks .ow-state--waiting").first.inner_text()
    office.change_places("front")
    office.open(f"/requests/{paid}")
    office.step(paid, "resume")
    office.change_places("agent")
    office.open(f"/requests/{paid}")
    office.step(paid, "advance")
    office.change_places("specialist")
    office.open(f"/requests/{paid}")
    office.press_to('form[action$="/conclude"] select[name=recommendation]')
    keys.press("ArrowDown")
    office.type_into('form[action$="/conclude"] textarea', "ទីតាំងសមស្រប")
    office.step(paid, "conclude")
    office.change_places("agent")
    office.open(f"/requests/{paid}")
    office.unfold("/draft")
    office.press_to('form[action$="/draft"] textarea')
    keys.press("Control+End")
    keys.type(" បានពិនិត្យទីតាំងរួចហើយ។")
    office.send('form[action$="/draft"] button')
    office.step(paid, "advance")
    for name, step in (("chief", "advance"), ("signatory", "sign"), ("front", "advance")):
        office.change_places(name)
        office.open(f"/requests/{paid}")
        office.step(paid, step)

    # The outcome is printed, found genuine by anybody, and handed over to a known collector.
    assert office.fetched(f"/requests/{paid}/outcome.pdf") == [200, "%PDF"]
    token = page.locator("#document .ow-code").inner_text()
    page.goto(office.at(f"/g/{token}", host="localhost"))
    assert "លិខិតនេះពិតប្រាកដ" in page.locator("h1").inner_text()
    office.open(f"/requests/{paid}")
    office.press_to('form[action$="/deliver"] select[name=id_kind]')
    keys.press("ArrowDown")
    office.type_into('form[action$="/deliver"] input[name=id_number]', "010123456")
    assert "បានប្រគល់ហើយ" in office.step(paid, "deliver")

    # One payment is taken back, by a second person.
    office.open(f"/requests/{lacking}")
    office.unfold("/reversal")
    office.press_to('form[action$="/reversal"] select[name=reason]')
    keys.press("ArrowDown")
    office.send('form[action$="/reversal"] button')
    office.change_places("chief")
    office.open(f"/requests/{lacking}")
    office.send("button[name=decision][value=approve]")

    # The evening: counted blind, a thousand riel short, explained, approved, deposited.
    office.change_places("front")
    office.open("/till/count")
    assert f"{expected_riel():,}" not in page.content()
    counted = drawer_of(expected_riel() - SHORT_RIEL, 200)
    for kind, pieces in (("riel", counted.riel), ("cents", counted.cents)):
        for value, count in pieces.items():
            if count:
                office.type_into(f"#id_{kind}_{value}", str(count))
    keys.press("Enter")
    page.wait_for_url("**/till")
    office.type_into("#id_reason", "ប្រាក់អាប់ខ្វះមួយពាន់រៀល")
    office.send('form[action="/till/reason"] button')
    office.change_places("chief")
    office.open("/tills")
    office.press_to('main a[href^="/tills/"]')
    keys.press("Enter")
    page.wait_for_url("**/tills/*")
    office.send("button[name=decision][value=approve]")
    assert "-1,000" in page.locator("main").inner_text().replace("−", "-")
    office.change_places("front")
    office.open("/till")
    assert "Z-0102-000001" in page.locator("table").inner_text()
    office.open("/deposits")
    office.type_into("#id_bank", "រតនាគារខេត្ត")
    keys.press("Enter")
    page.get_by_text("D-0102-000001").first.wait_for()
    for table, path in (
        ("tillsession", "/till/{}/report.pdf"),
        ("deposit", "/deposits/{}/slip.pdf"),
    ):
        ((number,),) = asked(f"SELECT id FROM cashier_{table}")
        assert office.fetched(path.format(number)) == [200, "%PDF"], path

    assert_one_sum()


def expected_riel() -> int:
    """What should lie in the drawer in riel: the float, the fees, less change and money back."""
    return FLOAT_RIEL + receipts_riel() - reversed_riel() - 2 * RATE


def receipts_riel() -> int:
    (row,) = asked(
        "SELECT sum(amount_riel) FROM cashier_receipt"
        " JOIN cashier_payment ON cashier_payment.id = payment_id"
    )
    return int(row[0])


def reversed_riel() -> int:
    return int(asked("SELECT sum(amount_riel) FROM cashier_reversal")[0][0])


def assert_one_sum() -> None:
    """The receipts, the ledger and the till say the same, to the riel."""
    assert len(asked("SELECT id FROM cashier_receipt")) == 4
    assert reversed_riel() == FEE_RIEL
    standing = receipts_riel() - reversed_riel()
    (ledger,) = asked(
        "SELECT sum(amount_riel) FROM requests_requestevent WHERE kind IN ('paid', 'reversed')"
    )
    assert int(ledger[0]) == standing
    (till,) = asked(
        "SELECT expected_riel, expected_cents, counted_riel, counted_cents, state"
        " FROM cashier_tillsession"
    )
    expected, cents, counted, counted_cents, state = till
    assert state == "closed"
    assert expected - FLOAT_RIEL + cents * RATE // 100 == standing
    assert (counted, counted_cents) == (expected - SHORT_RIEL, cents)
    (deposit,) = asked("SELECT amount_riel, amount_cents FROM cashier_deposit")
    assert deposit[0] + deposit[1] * RATE // 100 == standing - SHORT_RIEL
