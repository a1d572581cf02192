import os
from importlib import import_module

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher
from django.utils.module_loading import import_string

from owso.accounts import passwords
from owso.accounts.models import OpenSession
from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from owso.errors import Invalid
from services.offices.actors import system_actor
from tests.hashing import QuickHasher
from tests.owso.accounts.conftest import PASSWORD
from tests.services.web.conftest import Browser, text_of

CHANGE = "/account/password/"
NEW = "a boat on the Sap river"


def changed(person, new: str = NEW, again: str | None = None, current: str = PASSWORD):
    given = {"current": current, "new": new, "again": new if again is None else again}
    return person.browser.post(CHANGE, given)


def test_a_new_password_ends_the_other_sessions_and_opens_the_account(member, province):
    officer = member(Role.INFORMATION_OFFICER)
    elsewhere = member(Role.INFORMATION_OFFICER)
    elsewhere.user = officer.user
    officer.password()
    elsewhere.password()
    assert changed(officer)["Location"] == "/account/security/"
    assert officer.browser.get("/queue").status_code == 200
    assert elsewhere.browser.get("/queue").status_code == 302
    assert OpenSession.objects.count() == 1
    assert AuditEntry.objects.filter(verb="password_changed").exists()
    assert elsewhere.password().status_code == 422
    assert elsewhere.password(NEW).status_code == 302


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("eleven char", "at least 12 characters"),
        ("passwordpassword", "easy to guess"),
        ("password2026!!", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("abcdefghijklm", "easy to guess"),
        ("owso-2026-2027", "easy to guess"),
        ("sokdarasokdara", "too similar"),
    ],
)
def test_short_common_and_similar_passwords_are_refused(member, new, words):
    officer = member(Role.INFORMATION_OFFICER, full_name_en="Sokdara Sokdara")
    officer.password()
    refused = changed(officer, new)
    assert refused.status_code == 422
    assert words in text_of(refused)


@pytest.mark.parametrize(
    "new", ["twelve chars", "ទូកមួយនៅលើទន្លេសាប", "82 64 19 73 05 5", "aaaa bbbb cccc"]
)
def test_twelve_letters_of_any_kind_are_enough(member, new):
    officer = member(Role.INFORMATION_OFFICER)
    officer.password()
    assert changed(officer, new).status_code == 302


def test_a_wrong_present_password_and_two_different_new_ones_are_told(member):
    officer = member(Role.INFORMATION_OFFICER)
    officer.password()
    assert "not your present password" in text_of(changed(officer, current="wrong"))
    assert "differ" in text_of(changed(officer, again="another boat"))
    assert "another password than" in text_of(changed(officer, new=PASSWORD))


def test_only_a_sign_in_of_a_moment_ago_may_change_it(member):
    officer = member(Role.INFORMATION_OFFICER)
    officer.password()
    session = officer.browser.client.session
    session["account_full_at"] -= 31 * 60
    session.save()
    led = officer.browser.get(CHANGE)["Location"]
    assert led == "/account/sign-in/?full=1&next=%2Faccount%2Fpassword%2F"
    assert "Sign in once more" in text_of(officer.browser.get(led))
    assert officer.browser.get("/queue").status_code == 200
    assert officer.password(next=CHANGE)["Location"] == CHANGE
    assert officer.browser.get(CHANGE).status_code == 200


def test_a_given_password_is_drawn_obeys_the_rules_and_ends_sessions(member):
    officer = member(Role.INFORMATION_OFFICER)
    officer.password()
    by = system_actor("tests")
    with pytest.raises(Invalid):
        passwords.give_password(officer.user, by=by, password="short")
    first, second = (passwords.give_password(officer.user, by=by) for _ in range(2))
    assert first != second
    assert len(first) == len("xxxx-xxxx-xxxx-xxxx")
    assert officer.browser.get("/queue").status_code == 302


def test_an_installation_hashes_slowly_enough_to_stop_guessing():
    installed = import_module(os.environ["DJANGO_SETTINGS_MODULE"]).PASSWORD_HASHERS[0]
    hasher = import_string(installed)()
    assert type(hasher) is Argon2PasswordHasher
    assert hasher.memory_cost >= 64 * 1024  # kibibytes
    assert hasher.time_cost >= 2
    assert type(get_hasher()) is QuickHasher


def test_letters_composed_differently_are_the_same_password(member):
    officer = member(Role.INFORMATION_OFFICER)
    officer.password()
    changed(officer, "\u00e9tait une fois")
    assert officer.password("e\u0301tait une fois").status_code == 302


def test_the_other_sessions_are_listed_and_ended(member, province):
    officer, elsewhere = member(Role.INFORMATION_OFFICER), member(Role.INFORMATION_OFFICER)
    elsewhere.user = officer.user
    elsewhere.browser = Browser("banteay-meanchey.localhost", province, language="en")
    elsewhere.password()
    officer.password()
    assert "End all others" in text_of(officer.browser.get("/account/security/"))
    officer.browser.post("/account/security/sessions/end/")
    assert elsewhere.browser.get("/queue").status_code == 302
    page = text_of(officer.browser.get("/account/security/"))
    assert "were ended" in page
    assert "End all others" not in page
    assert AuditEntry.objects.get(verb="sessions_ended").changes == {"count": 1}
