"""Names, counters and services of an office."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from owso.errors import Conflict, Invalid, NotAllowed, NotFound
from services.catalogue.queries import published_version
from services.offices.actions import (
    OfficeDetails,
    add_counter,
    choose_services,
    edit_office,
    remove_counter,
)
from services.offices.actors import system_actor
from services.offices.models import Office, WithheldService
from services.offices.queries import at_level, check_offered, offered_at, office, withheld
from services.requests.actions import register_request
from tenants import clock
from tests.factories import (
    MONDAY,
    SERVICE,
    IntakeFactory,
    RequestFactory,
    district_office,
    staff,
    unit,
)

SYSTEM = system_actor("tests")


@pytest.fixture
def administrator(province):
    return staff(Role.ADMINISTRATOR, office_id=unit())


def details(**changes):
    values = {"name_km": "ការិយាល័យថ្មី", "name_en": "New office", "phone": "012 345 678"}
    return OfficeDetails(**{**values, **changes})


def withhold(*codes, office_id=None, by=SYSTEM):
    office_id = office_id or district_office()
    offered = at_level(office(office_id).kind, MONDAY)
    ids = {each.service_id for each in offered if each.service_code not in codes}
    return choose_services(office_id, ids, by=by, now=MONDAY)


def test_an_office_is_renamed_at_once_and_the_trail_says_how(administrator):
    edit_office(district_office(), details(), by=administrator)
    assert office(district_office()).name_en == "New office"
    changes = AuditEntry.objects.get(verb="edit_office").changes
    assert changes["phone"] == ["", "012 345 678"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name_km": " "}, "name_km"),
        ({"name_en": ""}, "name_en"),
        ({"name_km": "ក" * 201}, "name_km"),
        ({"phone": "1" * 41}, "phone"),
        ({"address_en": "a\x00"}, "address_en"),
    ],
)
def test_what_cannot_be_an_office_is_refused(administrator, changes, field):
    with pytest.raises(Invalid) as refused:
        edit_office(district_office(), details(**changes), by=administrator)
    assert field in refused.value.fields


def test_an_office_with_open_files_does_not_end(administrator):
    request = RequestFactory()
    with pytest.raises(Conflict, match="office_has_files"):
        edit_office(request.office_id, details(is_active=False), by=administrator)
    edit_office(district_office(1), details(is_active=False), by=administrator)
    assert not office(district_office(1)).is_active


def test_a_province_keeps_one_office(administrator):
    Office.objects.exclude(pk=unit()).update(is_active=False)
    with pytest.raises(Conflict, match="last_office"):
        edit_office(unit(), details(is_active=False), by=administrator)


def test_a_chief_changes_counters_and_not_names(province):
    chief = staff(Role.CHIEF)
    assert add_counter(district_office(), by=chief).number == 3
    with pytest.raises(NotAllowed):
        edit_office(district_office(), details(), by=chief)
    with pytest.raises(NotFound):
        add_counter(unit(), by=chief)


def test_a_free_number_is_used_again_and_the_last_counter_stays(administrator):
    here = district_office()
    remove_counter(here, 1, by=administrator)
    remove_counter(here, 1, by=administrator)
    assert add_counter(here, by=administrator).number == 1
    remove_counter(here, 1, by=administrator)
    with pytest.raises(Conflict, match="last_counter"):
        remove_counter(here, 2, by=administrator)


def test_a_withheld_service_is_neither_listed_nor_registered(province):
    intake = IntakeFactory()
    assert withhold(SERVICE) == (0, 1)
    listed = [each.service_code for each in offered_at(district_office(), clock.local_day(MONDAY))]
    assert SERVICE not in listed
    assert listed
    with pytest.raises(Invalid, match="service_not_offered") as refused:
        register_request(intake, by=SYSTEM, now=MONDAY)
    assert "service" in refused.value.fields


def test_another_office_offers_it_still(province):
    withhold(SERVICE)
    intake = IntakeFactory(office_id=district_office(1))
    assert register_request(intake, by=SYSTEM, now=MONDAY).office_id == district_office(1)


def test_a_service_comes_back(province):
    withhold(SERVICE)
    assert withhold() == (1, 0)
    register_request(IntakeFactory(), by=SYSTEM, now=MONDAY)
    assert WithheldService.objects.count() == 0


def test_an_older_register_brings_what_is_no_longer_offered(province):
    withhold(SERVICE)
    intake = IntakeFactory(source="register", source_ref=str(uuid4()))
    assert register_request(intake, by=SYSTEM, now=MONDAY).pk


def test_the_check_asks_the_database_once(province):
    terms = published_version(SERVICE, on=clock.local_day(MONDAY))
    check_offered(district_office(), terms.service_id)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        check_offered(district_office(), terms.service_id)
        assert withheld(district_office()) == frozenset()
    assert len(queries) == 0


def test_only_who_runs_the_office_chooses_its_services(province):
    with pytest.raises(NotAllowed):
        withhold(SERVICE, by=staff(Role.INFORMATION_OFFICER))
    assert withhold(SERVICE, by=staff(Role.CHIEF)) == (0, 1)
