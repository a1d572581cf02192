"""The pages of people: accounts made, closed and let in again, roles given and taken."""

import time

from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from owso.accounts.models import User
from owso.accounts.permissions import Role
from services.offices.models import StaffRole
from tests.factories import UserFactory, district_office, staff, unit
from tests.services.web.conftest import text_of


def signed_in_just_now(browser):
    """Let the session be one of a full sign-in a moment ago."""
    session = browser.client.session
    session["account_how"], session["account_full_at"] = "full", time.time()
    session.save()
    key = session.session_key
    used = signing.Signer(salt=f"owso_used.{key}").sign(str(int(time.time())))
    browser.client.cookies["owso_used"] = used


def test_an_account_is_made_and_its_password_shown_once(administrator):
    person = {"full_name_km": "ចាន់ ស្រីនាង", "username": "chan.sreyneang", "sex": "f"}
    response = administrator.post("/manage/people/new", person)
    user = User.objects.get(username="chan.sreyneang")
    shown = text_of(response)
    assert "shown only now" in shown
    assert "no-store" in response["Cache-Control"]
    password = shown.split("data-focus>")[1].split("<")[0]
    assert user.check_password(password)
    assert password not in text_of(administrator.get(f"/manage/people/{user.pk}"))


def test_a_taken_user_name_is_told_beside_its_field(administrator):
    UserFactory(username="chan.sreyneang")
    person = {"full_name_km": "ចាន់ ស្រីនាង", "username": "chan.sreyneang"}
    response = administrator.post("/manage/people/new", person)
    assert response.status_code == 422
    assert "This user name is taken" in text_of(response)


def test_roles_are_given_and_taken(administrator):
    user = UserFactory()
    here = f"/manage/people/{user.pk}"
    administrator.post(f"{here}/roles", {"role": "cashier", "office": str(unit())})
    row = StaffRole.objects.get(user=user)
    assert "The role was given." in text_of(administrator.get(here))
    administrator.post(f"{here}/roles/{row.pk}/taken")
    assert not StaffRole.objects.filter(user=user).exists()


def test_an_agent_without_a_sector_is_refused_beside_the_field(administrator):
    here = f"/manage/people/{UserFactory().pk}"
    response = administrator.post(f"{here}/roles", {"role": "agent", "office": str(unit())})
    assert response.status_code == 422
    assert "An agent works for one sector" in text_of(response)


def test_the_last_administrator_is_told_why_the_role_stays(administrator):
    row = StaffRole.objects.get()
    response = administrator.post(f"/manage/people/{row.user_id}/roles/{row.pk}/taken")
    assert response.status_code == 409
    assert "This is the last administrator of the province" in text_of(response)


def test_a_role_of_somebody_else_is_not_taken_through_this_page(administrator):
    row = StaffRole.objects.get()
    other = UserFactory()
    response = administrator.post(f"/manage/people/{other.pk}/roles/{row.pk}/taken")
    assert response.status_code == 404


def test_an_account_is_closed_and_its_session_ends(administrator, sign_in):
    clerk = staff(Role.CASHIER)
    browser = sign_in(clerk)
    assert browser.get("/").status_code == 200
    here, why = f"/manage/people/{clerk.user_id}", {"reason": "ឈប់ធ្វើការ"}
    assert administrator.post(f"{here}/account", why)["Location"].startswith("/account/sign-in/")
    assert "Sign in once more" in text_of(administrator.get(here))
    signed_in_just_now(administrator)
    administrator.post(f"{here}/account", why | {"step": "close"})
    assert browser.get("/").status_code == 302
    administrator.post(f"{here}/account", why | {"step": "open"})
    assert User.objects.get(pk=clerk.user_id).is_active


def test_a_new_password_is_shown_once_and_asks_for_a_reason(administrator):
    user = UserFactory()
    here = f"/manage/people/{user.pk}/password"
    signed_in_just_now(administrator)
    refused = administrator.post(here, {"reason": " "})
    assert refused.status_code == 422
    assert "Write the reason" in text_of(refused)
    shown = administrator.post(here, {"reason": "ភ្លេច"})
    assert "no-store" in shown["Cache-Control"]
    password = text_of(shown).split("data-focus>")[1].split("<")[0]
    assert User.objects.get(pk=user.pk).check_password(password)
    assert User.objects.get(pk=user.pk).must_change_password


def test_a_chief_finds_the_people_of_the_own_office_and_nobody_else(chief):
    mine, other = staff(Role.CASHIER), staff(Role.CASHIER, office_id=district_office(1))
    signed_in_just_now(chief)
    page = text_of(chief.get("/manage/people"))
    assert f"/manage/people/{mine.user_id}" in page
    assert f"/manage/people/{other.user_id}" not in page
    here = text_of(chief.get(f"/manage/people/{mine.user_id}"))
    assert "New password" in here
    assert "Close the account" not in here
    assert "Give the role" not in here
    for user_id in (other.user_id, 999_999):
        assert chief.get(f"/manage/people/{user_id}").status_code == 404
        for step in ("password", "sessions"):
            path = f"/manage/people/{user_id}/{step}"
            assert chief.post(path, {"reason": "x"}).status_code == 404, path
        assert chief.post(f"/manage/people/{user_id}/second-step").status_code == 403
    ended = chief.post(f"/manage/people/{mine.user_id}/sessions", {"reason": "ភ្លេចចាកចេញ"})
    assert ended.status_code == 302


def test_people_are_found_by_name_and_office(administrator):
    staff(Role.CASHIER)
    UserFactory(username="keo.vannak", full_name_km="កែវ វណ្ណៈ")
    found = text_of(administrator.get("/manage/people", {"name": "វណ្ណៈ"}))
    assert "keo.vannak" in found
    here = text_of(administrator.get("/manage/people", {"office": str(district_office())}))
    assert "keo.vannak" not in here
    assert "Cashier" in here


def test_the_list_of_people_needs_a_fixed_number_of_queries(administrator):
    staff(Role.CASHIER, Role.CHIEF)
    administrator.get("/manage/people")
    with CaptureQueriesContext(connection) as few:
        administrator.get("/manage/people")
    for _ in range(5):
        staff(Role.CASHIER, Role.CHIEF)
    with CaptureQueriesContext(connection) as many:
        administrator.get("/manage/people")
    assert len(few) == len(many)
