"""Accounts and roles: several per person, never without an administrator, nothing everlasting."""

import pytest
from django.contrib.auth import authenticate

from owso.accounts.models import User
from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from owso.errors import Conflict, Invalid, NotAllowed, NotFound
from services.catalogue.models import Sector
from services.offices.actions import (
    add_person,
    end_sessions_of,
    give_new_password,
    give_role,
    let_back_in,
    lock_out,
    reset_second_step,
    take_role,
)
from services.offices.actions.accounts import Person
from services.offices.actors import actor_of, system_actor
from services.offices.models import StaffRole
from tenants.context import in_province, province_by_code
from tests.factories import UserFactory, district_office, staff, unit
from tests.services.cashier.test_concurrency import at_once, kinds

SYSTEM, WHY = system_actor("tests"), "ភ្លេចពាក្យសម្ងាត់"


@pytest.fixture
def administrator(province):
    return staff(Role.ADMINISTRATOR, office_id=unit())


def person(**changes):
    return Person(**{"username": "sok.dara", "full_name_km": "សុខ ដារ៉ា", **changes})


def test_the_first_password_signs_in_and_is_written_nowhere(administrator):
    user, password = add_person(person(), by=administrator)
    assert authenticate(username="sok.dara", password=password) == user
    assert password not in str(AuditEntry.objects.values_list("changes", flat=True))
    assert password not in user.password


def test_two_passwords_are_never_alike(administrator):
    first = add_person(person(), by=administrator)[1]
    second = add_person(person(username="sok.dara2"), by=administrator)[1]
    assert first != second
    assert len(first) == len("xxxx-xxxx-xxxx-xxxx")


def test_a_taken_user_name_is_refused_beside_its_field(administrator):
    add_person(person(), by=administrator)
    with pytest.raises(Invalid, match="username_taken") as refused:
        add_person(person(username=" Sok.Dara "), by=administrator)
    assert "username" in refused.value.fields


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "សុខ"}, "username"),
        ({"username": "ab"}, "username"),
        ({"username": "a" * 61}, "username"),
        ({"full_name_km": " "}, "full_name_km"),
        ({"full_name_km": "ក" * 121}, "full_name_km"),
        ({"full_name_en": "a\x00b"}, "full_name_en"),
        ({"sex": "x"}, "sex"),
    ],
)
def test_what_cannot_be_a_person_is_refused(administrator, changes, field):
    with pytest.raises(Invalid) as refused:
        add_person(person(**changes), by=administrator)
    assert field in refused.value.fields


def test_one_person_holds_several_roles_at_several_offices(administrator):
    user = UserFactory()
    sector = Sector.objects.first()
    give_role(user.pk, Role.CASHIER, office_id=district_office(), by=administrator)
    give_role(user.pk, Role.CHIEF, office_id=district_office(1), by=administrator)
    give_role(
        user.pk, Role.AGENT, office_id=district_office(), sector_id=sector.pk, by=administrator
    )
    give_role(user.pk, Role.CASHIER, office_id=district_office(), by=administrator)
    assert len(actor_of(user).grants) == 3


@pytest.mark.parametrize(
    ("role", "has_sector", "field"),
    [
        (Role.AGENT, False, "sector"),
        (Role.CASHIER, True, "sector"),
        (Role.MINISTRY_VIEWER, False, "role"),
        ("everlasting", False, "role"),
    ],
)
def test_roles_that_do_not_exist_here_are_refused(administrator, role, has_sector, field):
    sector_id = Sector.objects.first().pk if has_sector else None
    with pytest.raises(Invalid) as refused:
        give_role(
            UserFactory().pk,
            role,
            office_id=district_office(),
            sector_id=sector_id,
            by=administrator,
        )
    assert field in refused.value.fields


def test_an_office_of_another_province_is_no_office(administrator):
    with pytest.raises(Invalid) as refused:
        give_role(UserFactory().pk, Role.CASHIER, office_id=999_999, by=administrator)
    assert "office" in refused.value.fields


def test_the_last_administrator_keeps_the_role_and_the_account(administrator):
    own = StaffRole.objects.get(user_id=administrator.user_id)
    with pytest.raises(Conflict, match="last_administrator"):
        take_role(own.pk, by=administrator)
    with pytest.raises(Conflict, match="last_administrator"):
        lock_out(administrator.user_id, reason=WHY, by=administrator)
    assert StaffRole.objects.filter(pk=own.pk).exists()


def test_a_closed_account_does_not_count_as_an_administrator(administrator):
    second = staff(Role.ADMINISTRATOR, office_id=unit())
    lock_out(second.user_id, reason=WHY, by=administrator)
    with pytest.raises(Conflict, match="last_administrator"):
        take_role(StaffRole.objects.get(user_id=administrator.user_id).pk, by=administrator)


def test_with_a_second_administrator_one_may_step_down(administrator):
    staff(Role.ADMINISTRATOR, office_id=unit())
    take_role(StaffRole.objects.get(user_id=administrator.user_id).pk, by=administrator)
    assert not StaffRole.objects.filter(user_id=administrator.user_id).exists()


def test_two_administrators_cannot_take_each_others_role_at_once(committed):
    with in_province(province_by_code("01")) as province:
        first, second = (staff(Role.ADMINISTRATOR, office_id=unit()) for _ in range(2))
        roles = [StaffRole.objects.get(user_id=each.user_id).pk for each in (first, second)]
        results = at_once(
            province,
            lambda: take_role(roles[1], by=first),
            lambda: take_role(roles[0], by=second),
        )
        assert kinds(results) == ["Conflict", "NoneType"]
        assert StaffRole.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_one_does_not_close_ones_own_account(administrator):
    staff(Role.ADMINISTRATOR, office_id=unit())
    with pytest.raises(Conflict, match="own_account"):
        lock_out(administrator.user_id, reason=WHY, by=administrator)


def test_a_closed_account_no_longer_signs_in_and_comes_back_with_its_roles(administrator):
    user, password = add_person(person(), by=administrator)
    give_role(user.pk, Role.CASHIER, office_id=district_office(), by=administrator)
    lock_out(user.pk, reason=WHY, by=administrator)
    assert authenticate(username="sok.dara", password=password) is None
    let_back_in(user.pk, reason=WHY, by=administrator)
    assert authenticate(username="sok.dara", password=password) == user
    assert len(actor_of(user).grants) == 1


def test_a_new_password_replaces_the_old_one_and_is_for_one_sign_in(administrator):
    user, password = add_person(person(), by=administrator)
    assert user.must_change_password
    fresh = give_new_password(user.pk, reason=WHY, by=administrator)
    assert User.objects.get(pk=user.pk).must_change_password
    assert authenticate(username="sok.dara", password=password) is None
    assert authenticate(username="sok.dara", password=fresh) == user


@pytest.mark.parametrize("role", [Role.CHIEF, Role.SIGNATORY, Role.CASHIER])
def test_nobody_else_manages_people(province, role):
    by, user = staff(role), UserFactory()
    acts = [
        lambda: add_person(person(), by=by),
        lambda: reset_second_step(user.pk, reason=WHY, by=by),
        lambda: lock_out(user.pk, reason=WHY, by=by),
        lambda: let_back_in(user.pk, reason=WHY, by=by),
        lambda: give_role(user.pk, Role.CASHIER, office_id=district_office(), by=by),
        lambda: take_role(1, by=by),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert User.objects.count() == 2


@pytest.mark.parametrize("act", [give_new_password, end_sessions_of, reset_second_step, lock_out])
def test_each_act_on_an_account_needs_a_reason_and_somebody_else(administrator, act):
    other = staff(Role.CASHIER)
    with pytest.raises(Invalid, match="reason_missing") as refused:
        act(other.user_id, reason=" \t", by=administrator)
    assert "reason" in refused.value.fields
    with pytest.raises(Invalid, match="reason_invalid"):
        act(other.user_id, reason="ក" * 201, by=administrator)
    staff(Role.ADMINISTRATOR, office_id=unit())
    with pytest.raises(Conflict, match="own_account"):
        act(administrator.user_id, reason=WHY, by=administrator)
    act(other.user_id, reason="ក" * 200, by=administrator)
    entry = AuditEntry.objects.filter(object_id=str(other.user_id)).latest("id")
    assert (entry.actor_id, entry.changes["reason"]) == (administrator.user_id, "ក" * 200)


@pytest.mark.parametrize("act", [give_new_password, end_sessions_of])
def test_a_chief_lets_in_those_of_the_own_office_alone(province, act):
    chief, mine = staff(Role.CHIEF), staff(Role.CASHIER, Role.INFORMATION_OFFICER)
    act(mine.user_id, reason=WHY, by=chief)
    elsewhere = staff(Role.CASHIER, office_id=district_office(1))
    both = staff(Role.CASHIER)
    give_role(both.user_id, Role.CASHIER, office_id=district_office(1), by=SYSTEM)
    above = [staff(role) for role in (Role.CHIEF, Role.ADMINISTRATOR, Role.OMBUDSMAN)]
    for other in (elsewhere, both, *above, staff()):
        with pytest.raises(NotFound):
            act(other.user_id, reason=WHY, by=chief)
    with pytest.raises(NotFound):
        act(mine.user_id, reason=WHY, by=staff(Role.CASHIER, Role.SIGNATORY))


def test_somebody_unknown_is_not_found(administrator):
    with pytest.raises(NotFound):
        lock_out(999_999, reason=WHY, by=administrator)
