import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password

from owso.accounts.factors import use_code
from owso.accounts.models import MinistryGrant, User
from owso.accounts.permissions import Role, Verb
from owso.accounts.standing import has_second_step, must_have_second_step
from owso.errors import NotAllowed
from services.demo import staff
from services.offices.actors import actor_of
from services.offices.models import Office, StaffRole
from services.requests.khmer import normalise
from tenants.context import as_national


def test_accounts_are_refused_where_the_installation_is_no_demo(province, settings):
    settings.IS_DEMO = False
    with pytest.raises(NotAllowed):
        staff.demo_password()
    with pytest.raises(NotAllowed):
        staff.staff_province("unused")
    assert not User.objects.exists()


def test_accounts_are_made_once_and_sign_in_with_the_published_password(province, settings):
    settings.IS_DEMO = True
    password = staff.demo_password()
    count = staff.staff_province(password)
    roles = StaffRole.objects.count()
    assert staff.staff_province(password) == count == User.objects.count()
    assert StaffRole.objects.count() == roles
    assert check_password(staff.PASSWORD, User.objects.get(username="front").password)


def test_every_role_of_money_or_signature_has_its_second_step(province, settings):
    settings.IS_DEMO = True
    for _ in range(2):
        staff.staff_province(staff.demo_password())
    asked = [user for user in User.objects.all() if must_have_second_step(user)]
    assert asked
    assert all(has_second_step(user) for user in asked)
    assert Authenticator.objects.count() == len(asked)
    assert use_code(asked[0], staff.code_of_now()) == "totp"


def test_every_office_has_somebody_for_each_step_in_every_sector(province, settings):
    settings.IS_DEMO = True
    staff.staff_province(staff.demo_password())
    actors = [actor_of(user) for user in User.objects.all()]
    sectors = staff.Sector.objects.values_list("id", flat=True)
    for office in Office.objects.all():
        for role in (Role.INFORMATION_OFFICER, Role.CASHIER, Role.CHIEF, Role.SIGNATORY):
            assert any(actor.holds(role, office_id=office.pk) for actor in actors)
        for sector in sectors:
            scope = {"office_id": office.pk, "sector_id": sector}
            assert any(actor.holds(Role.AGENT, **scope) for actor in actors)
            assert any(actor.holds(Role.SPECIALIST, **scope) for actor in actors)


def test_whoever_takes_money_cannot_approve_taking_it_back(province, settings):
    settings.IS_DEMO = True
    staff.staff_province(staff.demo_password())
    for user in User.objects.all():
        actor = actor_of(user)
        for office in Office.objects.all():
            takes = actor.may(Verb.TAKE_PAYMENT, office_id=office.pk)
            assert not (takes and actor.may(Verb.APPROVE_REVERSAL, office_id=office.pk))


def test_names_are_khmer_with_a_latin_spelling(province, settings):
    settings.IS_DEMO = True
    staff.staff_province(staff.demo_password())
    for user in User.objects.all():
        assert all("\u1780" <= letter <= "\u17ff" or letter == " " for letter in user.full_name_km)
        assert user.full_name_en.replace(" ", "").isalpha()
        assert normalise(user.full_name_km)


def test_the_ministry_sees_the_nation_with_accounts_of_its_own(db, settings):
    settings.IS_DEMO = True
    staff.staff_ministry(staff.demo_password())
    with as_national():
        assert set(User.objects.values_list("username", flat=True)) >= set(staff.MINISTRY)
        grants = MinistryGrant.objects.filter(user__username__in=staff.MINISTRY)
        assert set(grants.values_list("role", flat=True)) == {Role.MINISTRY_VIEWER}
