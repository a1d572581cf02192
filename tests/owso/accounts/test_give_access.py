from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from owso.accounts.models import MinistryGrant, User
from owso.accounts.permissions import Role
from services.offices.models import StaffRole
from tenants.context import as_national
from tests.owso.accounts.conftest import SIGN_IN
from tests.services.web.conftest import HOST, Browser


def given(*words: str) -> str:
    said = StringIO()
    call_command("give_access", *words, stdout=said)
    return said.getvalue().split("Password:")[1].split()[0]


def test_a_province_gets_its_first_administrator(province):
    password = given("01", "boss", "--name-km", "សុខ ដារ៉ា")
    role = StaffRole.objects.get(user__username="boss")
    assert (role.role, role.office.kind) == (Role.ADMINISTRATOR, "unit")
    browser = Browser(HOST, province)
    landed = browser.post(SIGN_IN, {"username": "boss", "password": password})
    assert landed["Location"] == "/account/password/"


def test_a_lost_administrator_gets_in_again(province):
    first = given("01", "boss", "--name-km", "សុខ ដារ៉ា")
    second = given("01", "boss")
    assert first != second
    assert User.objects.get(username="boss").check_password(second)
    assert StaffRole.objects.filter(user__username="boss").count() == 1


def test_the_ministry_gets_one_too(province):
    given("ministry", "head", "--name-km", "សុខ ដារ៉ា")
    with as_national():
        assert MinistryGrant.objects.get(user__username="head").role == Role.MINISTRY_ADMIN


@pytest.mark.parametrize("words", [["99", "boss", "--name-km", "x"], ["01", "boss"]])
def test_an_unknown_place_and_a_missing_name_are_told(province, words):
    with pytest.raises(CommandError):
        given(*words)
    assert not User.objects.filter(username="boss").exists()
