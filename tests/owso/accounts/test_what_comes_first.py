"""Who must set something up before working, for every role of the permission table."""

import pytest

from owso.accounts import passwords
from owso.accounts.factors import has_second_step, reset_factors
from owso.accounts.models import MinistryGrant
from owso.accounts.permissions import (
    SECOND_STEP_ROLES,
    SECOND_STEP_VERBS,
    TABLE,
    Role,
    needs_second_step,
)
from owso.audit.models import AuditEntry
from services.offices.actors import system_actor
from services.offices.models import StaffRole
from tenants.context import as_national
from tests.factories import UserFactory, district_office
from tests.owso.accounts.conftest import PASSWORD, SIGN_IN
from tests.second_steps import code_of, with_application
from tests.services.web.conftest import Browser, text_of

SECURITY, CHANGE, NEWS = "/account/security/", "/account/password/", "/account/news/"
NEW = "a boat on the Sap river"
STAFF_ROLES = [role for role in Role if not role.startswith("ministry") and role != Role.AGENT]
MINISTRY_ROLES = [role for role in Role if role.startswith("ministry")]


def asks(role: Role) -> bool:
    return bool(role in SECOND_STEP_ROLES or TABLE[role] & SECOND_STEP_VERBS)


def test_money_and_signatures_and_management_ask_for_a_second_step():
    asked = {role for role in Role if needs_second_step([role])}
    assert asked == {
        Role.CASHIER,
        Role.CHIEF,
        Role.SIGNATORY,
        Role.ADMINISTRATOR,
        Role.MINISTRY_VIEWER,
        Role.MINISTRY_ADMIN,
    }
    assert not needs_second_step(["unheard of"])
    assert needs_second_step([Role.AGENT, Role.CASHIER])


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_of_an_office_works_or_sets_up_first(member, role):
    person = member(role)
    landed = person.password(next="/queue")["Location"]
    assert landed == (SECURITY if asks(role) else "/queue")
    for path in ("/", "/queue", "/find?q=x", "/computer/device", "/account/password/"):
        led = person.browser.get(path)
        assert (led.headers.get("Location") == SECURITY) == asks(role), path
    api = person.browser.get("/api/v1/requests/")
    assert ("setup_missing" in text_of(api)) == asks(role)


@pytest.mark.parametrize("role", MINISTRY_ROLES)
def test_each_role_of_the_ministry_sets_up_first(province, role):
    with as_national():
        user = UserFactory()
        user.set_password(PASSWORD)
        user.save()
        MinistryGrant.objects.create(user=user, role=role)
    browser = Browser("localhost", province)
    landed = browser.post(SIGN_IN, {"username": user.username, "password": PASSWORD})
    assert landed["Location"] == SECURITY
    assert browser.get("/national/")["Location"] == SECURITY
    secret = _secret_on(browser.get("/account/security/application/"))
    assert browser.post("/account/security/application/", {"code": code_of(secret)})
    done = browser.post("/account/security/codes/")
    assert done["Location"] == "/national/"
    assert browser.get("/national/").status_code == 200
    browser.post("/account/sign-out/")
    browser.post(SIGN_IN, {"username": user.username, "password": PASSWORD})
    entered = browser.post("/account/second-step/", {"code": code_of(secret, later=1)})
    assert entered["Location"] == "/national/"


def test_a_cashier_sets_up_the_application_and_works(member):
    cashier = member(Role.CASHIER)
    cashier.password(next="/queue")
    page = text_of(cashier.browser.get(SECURITY))
    assert "needs a second step" in page
    wrong = cashier.browser.post("/account/security/application/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "does not fit" in text_of(wrong)
    secret = _secret_on(cashier.browser.get("/account/security/application/"))
    added = cashier.browser.post("/account/security/application/", {"code": code_of(secret)})
    assert added["Location"] == "/account/security/codes/"
    assert "I have kept them" in text_of(cashier.browser.get(added["Location"]))
    assert cashier.browser.post(added["Location"])["Location"] == "/queue"
    assert cashier.browser.get("/queue").status_code == 200
    assert AuditEntry.objects.get(verb="second_step_added").changes == {"kind": "totp"}
    cashier.secret = secret
    cashier.browser.post("/account/sign-out/")
    assert cashier.sign_in(later=1)["Location"] == "/"


def test_going_on_without_a_second_step_leads_back(member):
    cashier = member(Role.CASHIER)
    cashier.password()
    assert cashier.browser.post("/account/security/codes/")["Location"] == SECURITY
    assert cashier.browser.get("/queue")["Location"] == SECURITY


def test_the_last_second_step_of_a_money_role_stays(member):
    cashier = member(Role.CASHIER, second_step=True)
    cashier.sign_in()
    number = cashier.user.authenticator_set.get().pk
    cashier.browser.post(f"/account/security/steps/{number}/remove/")
    assert "Add another one before" in text_of(cashier.browser.get(SECURITY))
    assert has_second_step(cashier.user)


def test_somebody_without_money_may_take_the_second_step_off(member):
    officer, other = (member(Role.INFORMATION_OFFICER, second_step=True) for _ in range(2))
    officer.sign_in()
    foreign = other.user.authenticator_set.get().pk
    officer.browser.post(f"/account/security/steps/{foreign}/remove/")
    assert has_second_step(other.user)
    own = officer.user.authenticator_set.get().pk
    officer.browser.post(f"/account/security/steps/{own}/remove/")
    assert not officer.user.authenticator_set.exists()


def test_a_lost_phone_is_mended_by_setting_up_anew(member):
    cashier = member(Role.CASHIER, second_step=True)
    reset_factors(cashier.user, by=system_actor("tests"))
    assert cashier.password()["Location"] == SECURITY
    assert AuditEntry.objects.filter(verb="second_step_reset").exists()


def test_a_password_that_somebody_gave_is_changed_first(member):
    cashier = member(Role.CASHIER)
    given = passwords.give_password(cashier.user, by=system_actor("tests"))
    assert cashier.password(given, next="/queue")["Location"] == CHANGE
    assert cashier.browser.get("/queue")["Location"] == CHANGE
    assert cashier.browser.get(SECURITY)["Location"] == CHANGE
    change = {"current": given, "new": NEW, "again": NEW}
    assert cashier.browser.post(CHANGE, change)["Location"] == SECURITY
    assert cashier.browser.get("/queue")["Location"] == SECURITY
    cashier.browser.post("/account/sign-out/")
    assert cashier.password(NEW)["Location"] == SECURITY


def test_what_others_did_is_read_before_the_work_goes_on(member):
    officer, by = member(Role.INFORMATION_OFFICER), system_actor("tests")
    given = passwords.give_password(officer.user, by=by, reason="ភ្លេច")
    reset_factors(officer.user, by=by, reason="បាត់ទូរស័ព្ទ")
    officer.password(given, next="/queue")
    change = {"current": given, "new": NEW, "again": NEW}
    assert officer.browser.post(CHANGE, change)["Location"] == NEWS
    assert officer.browser.get("/notices")["Location"] == NEWS
    page = text_of(officer.browser.get(NEWS))
    for words in ("You were given a new password", "ភ្លេច", "បាត់ទូរស័ព្ទ", "own command"):
        assert words in page
    assert officer.browser.post(NEWS)["Location"] == "/queue"
    assert officer.browser.get("/queue").status_code == 200
    officer.browser.post("/account/sign-out/")
    assert officer.password(NEW)["Location"] == "/"
    assert "បាត់ទូរស័ព្ទ" in text_of(officer.browser.get(SECURITY))


def test_what_is_missing_is_told_in_khmer(member):
    cashier = member(Role.CASHIER, language="km")
    cashier.password()
    assert "ជំហានទីពីរ" in text_of(cashier.browser.get(SECURITY))


def test_a_part_of_a_page_takes_the_whole_page_along(member):
    cashier = member(Role.CASHIER)
    cashier.password()
    part = cashier.browser.get("/find?q=x", **{"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, SECURITY)


def test_a_role_given_since_the_sign_in_asks_for_its_second_step(member):
    officer = member(Role.INFORMATION_OFFICER)
    officer.password()
    assert officer.browser.get("/queue").status_code == 200
    StaffRole.objects.create(user=officer.user, role=Role.CASHIER, office_id=district_office())
    assert "setup_missing" in text_of(officer.browser.get("/api/v1/requests/"))
    for _ in range(2):
        assert officer.browser.get("/queue")["Location"] == SECURITY
    with_application(officer.user)
    officer.browser.post("/account/security/codes/")
    assert officer.browser.get("/queue").status_code == 200


def test_a_role_given_since_the_sign_in_finds_a_step_that_is_there(member):
    officer = member(Role.INFORMATION_OFFICER)
    officer.password()
    with_application(officer.user)
    StaffRole.objects.create(user=officer.user, role=Role.CASHIER, office_id=district_office())
    assert officer.browser.get("/queue").status_code == 200


def test_a_session_without_marks_goes_on(sign_in_marked):
    assert sign_in_marked.get("/queue").status_code == 200


@pytest.fixture
def sign_in_marked(member) -> Browser:
    """A session that was written into the database, as programs do."""
    cashier = member(Role.CASHIER)
    cashier.browser.client.force_login(cashier.user)
    return cashier.browser


def _secret_on(page) -> str:
    part = text_of(page).partition('<span class="ow-code">')[2].partition("</span>")[0]
    return part.replace(" ", "")
