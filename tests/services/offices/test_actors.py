"""Who may do what where: the table of rights, applied to offices and sectors."""

import pytest

from owso.accounts.permissions import TABLE, Role, Verb
from owso.errors import NotAllowed, NotFound
from services.calendars.models import OfficeHours
from services.offices.actors import PROVINCE_WIDE, Actor, Grant, actor_of, system_actor
from services.offices.models import Counter, Office, StaffRole
from services.offices.provisioning import open_offices
from services.offices.queries import forget_offices, office, office_by_code, offices
from tenants.context import in_province
from tests.factories import UserFactory, district_office, staff, unit

HERE, THERE = 1, 2


def somebody(*grants):
    return Actor(user_id=1, name="ដារ៉ា", grants=grants)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("verb", Verb)
def test_a_role_may_do_at_its_office_exactly_what_the_table_says(role, verb):
    actor = somebody(Grant(role, HERE))

    assert actor.may(verb, office_id=HERE) is (verb in TABLE[role])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("verb", Verb)
def test_only_roles_of_the_province_reach_another_office(role, verb):
    actor = somebody(Grant(role, HERE))

    expected = role in PROVINCE_WIDE and verb in TABLE[role]
    assert actor.may(verb, office_id=THERE) is expected


def test_an_agent_works_in_one_sector():
    agent = somebody(Grant(Role.AGENT, HERE, 7))

    assert agent.may(Verb.ADVANCE, office_id=HERE, sector_id=7)
    assert not agent.may(Verb.ADVANCE, office_id=HERE, sector_id=8)


def test_rights_of_several_roles_add_up_but_do_not_mix_offices():
    actor = somebody(Grant(Role.CASHIER, HERE), Grant(Role.CHIEF, THERE))

    assert actor.may(Verb.TAKE_PAYMENT, office_id=HERE)
    assert actor.may(Verb.APPROVE_REVERSAL, office_id=THERE)
    assert not actor.may(Verb.APPROVE_REVERSAL, office_id=HERE)


def test_nobody_may_do_anything_without_a_role():
    with pytest.raises(NotAllowed):
        somebody().require(Verb.VIEW_REQUEST, office_id=HERE)


def test_the_system_may_do_everything():
    assert all(system_actor("import").may(verb, office_id=HERE) for verb in Verb)


def test_an_actor_is_read_from_the_roles_of_the_account(province, django_assert_num_queries):
    user = UserFactory()
    StaffRole.objects.create(user=user, role=Role.CASHIER, office_id=unit())

    with django_assert_num_queries(1):
        actor = actor_of(user, address="192.0.2.1")

    assert actor.grants == (Grant(Role.CASHIER, unit(), None),)
    assert (actor.user_id, actor.address) == (user.pk, "192.0.2.1")


def test_an_agent_without_a_sector_cannot_be_stored(province):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        StaffRole.objects.create(user=UserFactory(), role=Role.AGENT, office_id=unit())


def test_a_province_begins_with_its_unit_and_its_districts(province):
    codes = [each.code for each in offices()]

    assert codes[0] == "0100"
    assert len(codes) == 1 + 9
    assert Counter.objects.filter(office__code="0102").count() == 2
    assert office_by_code("0100").name_km.startswith("អង្គភាពច្រកចេញចូលតែមួយ")


def test_opening_offices_again_changes_nothing(province):
    before = list(Office.objects.values())

    open_offices(province)

    assert list(Office.objects.values()) == before


def test_an_office_added_now_is_found_at_once(province):
    offices()
    hours = OfficeHours.objects.first()
    added = Office.objects.create(
        code="010101", kind="commune", name_km="ឃុំ", name_en="Commune", office_hours=hours
    )

    assert office(added.pk).code == "010101"
    assert office_by_code("010101").id == added.pk
    forget_offices()


def test_offices_of_one_province_are_unknown_in_another(province, neighbour):
    offices()

    with in_province(neighbour):
        assert office_by_code("0200").kind == "unit"
        with pytest.raises(NotFound):
            office_by_code("0100")


def test_an_unknown_office_is_not_found(province):
    with pytest.raises(NotFound):
        office(10**12)


def test_staff_of_the_tests_are_at_the_first_district(province):
    assert staff("cashier").grants[0].office_id == district_office()
