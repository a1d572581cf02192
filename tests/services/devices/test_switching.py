from datetime import timedelta

import pytest
from django.conf import settings

from owso.accounts import passwords
from owso.accounts.factors import reset_factors
from owso.accounts.models import OpenSession
from owso.accounts.permissions import Role
from owso.accounts.sessions import DEVICE_COOKIE
from owso.audit.models import AuditEntry
from services.devices.models import DevicePin
from services.offices.actors import system_actor
from services.offices.models import StaffRole
from tests.factories import district_office
from tests.services.devices.conftest import PIN
from tests.services.web.conftest import HOST, Browser, text_of


def test_two_people_change_places_by_name_and_pin(desk, member):
    cashier = member(Role.CASHIER, second_step=True, full_name_en="Chan Money")
    officer = member(Role.INFORMATION_OFFICER, full_name_en="Keo Front")
    desk.employ(cashier)
    desk.employ(officer, "739104")
    names = text_of(desk.browser.get("/computer/"))
    assert "Chan Money" in names
    assert "Keo Front" in names
    assert desk.enter(cashier, next="/queue")["Location"] == "/queue"
    assert "Chan Money" in text_of(desk.browser.get("/queue"))
    desk.lock()
    desk.enter(officer, "739104")
    page = text_of(desk.browser.get("/"))
    assert "Keo Front" in page
    assert "Chan Money" not in page
    assert list(OpenSession.objects.values_list("user", "how")) == [(officer.user.pk, "pin")]


def test_each_person_keeps_their_own_roles(desk, member):
    cashier = member(Role.CASHIER, second_step=True)
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(cashier)
    desk.employ(officer, "739104")
    desk.enter(cashier)
    assert desk.browser.get("/requests/new").status_code == 403
    desk.enter(officer, "739104")
    assert desk.browser.get("/requests/new").status_code == 200


def test_locking_ends_the_session_and_tells_the_browser_to_forget(desk, member):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    desk.enter(officer)
    locked = desk.lock()
    assert locked["Location"] == "/computer/"
    assert locked["Clear-Site-Data"] == '"cache"'
    assert not OpenSession.objects.exists()
    assert desk.browser.get("/queue")["Location"].startswith("/account/sign-in/")
    led = desk.browser.get("/account/sign-in/?next=/queue")["Location"]
    assert led == "/computer/?next=%2Fqueue"
    assert desk.browser.get("/account/sign-in/?full=1").status_code == 200


def test_changing_places_without_locking_leaves_nothing_either(desk, member):
    first, second = member(Role.INFORMATION_OFFICER), member(Role.INFORMATION_OFFICER)
    desk.employ(first)
    desk.employ(second, "739104")
    desk.enter(first)
    session = desk.browser.client.session
    session["flash"] = "something of the first"
    session.save()
    desk.enter(second, "739104")
    assert "flash" not in desk.browser.client.session
    assert OpenSession.objects.get().user == second.user


def test_everything_is_in_the_audit_trail(desk, member):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    desk.enter(officer, "000000")
    desk.enter(officer)
    desk.lock()
    mine = AuditEntry.objects.filter(actor_id=officer.user.pk).order_by("id")
    assert list(mine.values_list("verb", flat=True)) == [
        "sign_in",
        "pin_set",
        "lock",
        "switch",
        "lock",
    ]
    wrong = AuditEntry.objects.get(verb="sign_in_failed")
    assert wrong.changes == {"step": "pin", "device": desk.device.pk}
    assert AuditEntry.objects.get(verb="device_enrolled").object_id == str(desk.device.pk)


def test_after_five_wrong_pins_only_the_password_helps(desk, member):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    left = ["4 tries are left", "3 tries are left", "2 tries are left", "1 try is left"]
    for words in left:
        wrong = desk.enter(officer, "111119")
        assert wrong.status_code == 422
        assert words in text_of(wrong)
    assert "for the fifth time" in text_of(desk.enter(officer, "111119"))
    assert desk.enter(officer).status_code == 403
    assert not OpenSession.objects.exists()
    desk.sign_in(officer)
    desk.lock()
    assert desk.enter(officer).status_code == 302


def test_a_right_pin_forgets_the_wrong_ones(desk, member):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    for _ in range(2):
        for _ in range(4):
            desk.enter(officer, "111119")
        assert desk.enter(officer).status_code == 302


@pytest.mark.parametrize(("minutes", "status"), [(-1, 302), (1, 403)])
def test_a_pin_opens_for_twelve_hours_after_the_full_sign_in(desk, member, minutes, status):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    pin = DevicePin.objects.get()
    pin.full_sign_in_at -= timedelta(hours=settings.PIN_HOURS, minutes=minutes)
    pin.save()
    assert desk.enter(officer).status_code == status
    if status == 302:
        assert desk.browser.client.session.get_expiry_age() <= 60


def test_a_pin_session_does_not_lengthen_itself(desk, member):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    before = DevicePin.objects.get().full_sign_in_at
    desk.enter(officer)
    assert DevicePin.objects.get().full_sign_in_at == before


def test_a_pin_opens_nothing_at_another_computer(desk, member, province):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    elsewhere = Browser(HOST, province)
    given = {"who": str(officer.user.pk), "pin": PIN}
    assert elsewhere.post("/computer/", given)["Location"].startswith("/account/sign-in/?full=1")
    forged = desk.browser.client.cookies[DEVICE_COOKIE].value.replace(":", "x:", 1)
    elsewhere.client.cookies[DEVICE_COOKIE] = forged
    assert elsewhere.post("/computer/", given)["Location"].startswith("/account/sign-in/?full=1")
    assert not OpenSession.objects.exists()


def test_the_cookie_of_a_computer_is_nothing_in_another_province(desk, member, neighbour):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    stranger = Browser("battambang.localhost", neighbour)
    stranger.client.cookies[DEVICE_COOKIE] = desk.browser.client.cookies[DEVICE_COOKIE].value
    assert stranger.get("/computer/")["Location"].startswith("/account/sign-in/?full=1")


def test_a_colleague_without_a_pin_here_is_not_let_in(desk, member):
    officer, other = member(Role.INFORMATION_OFFICER), member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    assert desk.enter(other).status_code == 403
    assert desk.browser.post("/computer/", {"pin": PIN}).status_code == 422
    assert desk.browser.post("/computer/", {"who": "x" * 50, "pin": PIN}).status_code == 422


@pytest.mark.parametrize("change", ["left", "password", "second step", "given password"])
def test_a_pin_ends_with_what_it_stood_on(desk, member, change):
    cashier = member(Role.CASHIER, second_step=True)
    desk.employ(cashier)
    user, by = cashier.user, system_actor("tests")
    if change == "left":
        user.is_active = False
        user.save()
    elif change == "password":
        user.set_password("a boat on the Sap river")
        user.save()
    elif change == "second step":
        reset_factors(user, by=by)
    else:
        passwords.give_password(user, by=by)
    assert desk.enter(cashier).status_code == 403
    assert not OpenSession.objects.exists()


def test_somebody_who_came_in_by_pin_cannot_change_how_to_sign_in(desk, member):
    cashier = member(Role.CASHIER, second_step=True)
    desk.employ(cashier)
    desk.enter(cashier)
    for path in ("/account/security/", "/account/password/", "/computer/device"):
        assert desk.browser.get(path)["Location"].startswith("/account/sign-in/?full=1"), path
    assert desk.set_pin("739104")["Location"].startswith("/account/sign-in/?full=1")
    desk.lock()
    assert desk.enter(cashier, "739104").status_code == 422


@pytest.mark.parametrize(
    "pin",
    ["123456", "987654", "890123", "000000", "121212", "480480", "112211", "199019", "696969",
     "48027", "4802711", "48o271", "ព្រះរាជា", ""],
)  # fmt: skip
def test_easy_pins_are_refused(desk, member, pin):
    officer = member(Role.INFORMATION_OFFICER)
    desk.sign_in(officer)
    refused = desk.set_pin(pin)
    assert refused.status_code == 422
    assert "PIN" in text_of(refused)
    assert not DevicePin.objects.exists()


def test_khmer_digits_make_the_same_pin(desk, member):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    assert desk.enter(officer, "៤៨០២៧១").status_code == 302


def test_two_different_pins_are_told_and_the_pin_is_not_kept_in_clear(desk, member):
    officer = member(Role.INFORMATION_OFFICER)
    desk.sign_in(officer)
    assert "differ" in text_of(desk.set_pin("480271", "480272"))
    desk.set_pin()
    assert DevicePin.objects.get().pin_hash.startswith("argon2")


def test_one_may_take_ones_own_pin_off(desk, member):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    desk.enter(officer)
    desk.browser.post("/computer/device/pin/drop")
    assert not DevicePin.objects.exists()
    assert AuditEntry.objects.filter(verb="pin_removed").exists()


def test_somebody_of_another_office_cannot_set_a_pin_here(desk, member):

    officer = member(Role.INFORMATION_OFFICER)
    StaffRole.objects.filter(user=officer.user).update(office_id=district_office(1))
    desk.sign_in(officer)
    refused = desk.set_pin()
    assert refused.status_code == 403
    assert "no role" in text_of(refused)


def test_a_removed_computer_knows_nobody(desk, member):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    administrator = member(Role.ADMINISTRATOR, second_step=True)
    administrator.sign_in()
    removal = f"/computer/device/{desk.device.pk}/remove"
    assert "Counter 1" in text_of(administrator.browser.get("/computer/device"))
    assert administrator.browser.post(removal)["Location"] == "/computer/device"
    assert administrator.browser.post(removal).status_code == 404
    assert desk.enter(officer)["Location"].startswith("/account/sign-in/?full=1")
    assert AuditEntry.objects.filter(verb="device_removed").exists()


def test_the_chief_of_another_office_cannot_remove_it(desk, member):

    chief = member(Role.CHIEF, second_step=True)
    StaffRole.objects.filter(user=chief.user).update(office_id=district_office(1))
    chief.sign_in()
    assert "computers of your offices" not in text_of(chief.browser.get("/computer/device"))
    removal = f"/computer/device/{desk.device.pk}/remove"
    assert chief.browser.post(removal).status_code == 404
    enrol = {"office": district_office(0), "label": "Counter 2"}
    assert chief.browser.post("/computer/device/enrol", enrol).status_code == 403


def test_a_clerk_cannot_enrol_a_computer(member):
    officer = member(Role.INFORMATION_OFFICER)
    officer.sign_in()
    enrol = {"office": district_office(0), "label": "Counter 2"}
    assert officer.browser.post("/computer/device/enrol", enrol).status_code == 403
    assert "chief or the administrator" in text_of(officer.browser.get("/computer/device"))


def test_a_computer_needs_a_name(member):
    chief = member(Role.CHIEF, second_step=True)
    chief.sign_in()
    enrol = {"office": district_office(0), "label": "  "}
    refused = chief.browser.post("/computer/device/enrol", enrol)
    assert refused.status_code == 422
    assert "Give the computer a name" in text_of(refused)


def test_the_names_are_told_in_khmer(desk, member):
    officer = member(Role.INFORMATION_OFFICER)
    desk.employ(officer)
    desk.browser.client.cookies["owso_language"] = "km"
    assert "អ្នកណាធ្វើការឥឡូវនេះ" in text_of(desk.browser.get("/computer/"))
    assert "លេខ PIN នេះខុស" in text_of(desk.enter(officer, "111119"))
