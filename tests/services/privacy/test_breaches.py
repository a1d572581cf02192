"""After a breach the system says whose data was read, what of it, when and through whom."""

from datetime import timedelta

import pytest

from owso.audit.models import AccessEntry, Reading
from services.privacy.breaches import EVERYTHING, FIELDS, Asked, readings
from services.requests.accesses import Read, record_reads
from services.requests.codes import format_code
from tenants import clock
from tenants.context import in_province, province_by_code
from tests.databases import manage
from tests.factories import RequestFactory, staff
from tests.services.privacy.conftest import NAME, someone

TODAY = {"since": clock.today(), "until": clock.today()}


def test_each_kind_of_reading_says_what_it_showed():
    assert set(FIELDS) == set(Reading)


def test_readings_are_found_by_account_address_request_and_day(province):
    first, second, chief = someone(), RequestFactory(), staff("chief")
    record_reads(chief, [Read(first, Reading.FILE), Read(second, Reading.DOCUMENT, "7")])
    record_reads(staff("signatory"), [Read(first, Reading.FILE, "copy")])

    def found(**narrowed):
        return [(line.code, line.fields) for line in readings(Asked(**{**TODAY, **narrowed}))]

    mine, other = format_code(first.tracking_code), format_code(second.tracking_code)
    assert [code for code, _fields in found()] == [mine, other, mine]
    assert found()[2] == (mine, str(EVERYTHING))
    assert len(found(actor_id=chief.user_id)) == 2
    assert len(found(address="192.0.2.7")) == 3
    assert found(address="192.0.2.8") == []
    assert [code for code, _fields in found(request_code=second.tracking_code)] == [other]
    tomorrow = clock.today() + timedelta(days=1)
    assert found(since=tomorrow, until=tomorrow) == []
    line = next(readings(Asked(**TODAY)))
    assert (line.applicant_id, line.office) == (first.applicant_id, "0102")
    assert str(chief.user_id) in line.account
    assert AccessEntry.objects.count() == 3


@pytest.mark.usefixtures("committed")
def test_the_command_lists_them_without_a_name_and_refuses_nonsense():
    with in_province(province_by_code("01")):
        request = someone()
        record_reads(staff("chief"), [Read(request, Reading.FILE)])
    said = manage("readings", "--province", "01", "--since", clock.today().isoformat())
    assert format_code(request.tracking_code) in said
    assert NAME not in said
    for wrong in (
        ("--province", "99", "--since", "2026-01-01"),
        ("--province", "01", "--since", "yesterday"),
        ("--province", "01", "--since", "2026-01-01", "--request", "x"),
    ):
        with pytest.raises(AssertionError, match="CommandError"):
            manage("readings", *wrong)
