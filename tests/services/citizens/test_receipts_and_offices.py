"""Receipts prove themselves by their mark; offices and usual times are what anybody may know."""

import pytest

from analytics.models import OfficeServiceDuration
from services.cashier.models import Receipt
from services.citizens.offices import forget_public_offices, public_offices, usual_time
from services.citizens.receipts import genuine_receipt, mark_of, parse_proof, printed_proof
from services.offices.actions import choose_services
from services.offices.queries import at_level
from tenants import clock
from tenants.context import as_national, as_portal
from tests.factories import RequestFactory, district_office, staff


@pytest.fixture(autouse=True)
def _forgetful():
    yield
    forget_public_offices()


def test_a_printed_proof_leads_to_what_the_receipt_says(province):
    request = RequestFactory()
    receipt = Receipt.objects.get()
    printed = printed_proof("0102", receipt.year, receipt.number)
    with as_portal():
        found = genuine_receipt(parse_proof(printed), schema_name="p01")
    assert (found.amount_riel, found.reversed_riel) == (5_000, 0)
    assert found.tracking_code == request.tracking_code


def test_a_mark_is_forgiven_its_writing_but_not_its_letters():
    mark = mark_of("0102", 2026, 123)
    proof = parse_proof(printed_proof("0102", 2026, 123))
    assert proof.is_ours
    assert proof.province_code == "01"
    typed = f" 0102 2026 ០០០១២៣ {mark[:5].lower()}\u200b—{mark[5:]} "
    assert parse_proof(typed) == proof
    wrong = mark[:-1] + ("A" if mark[-1] != "A" else "B")
    assert not parse_proof(f"0102-2026-000123-{wrong}").is_ours
    assert not parse_proof(f"0102-2026-000124-{mark}").is_ours
    assert not parse_proof(f"0202-2026-000123-{mark}").is_ours
    for nonsense in ("", "x", "0102-2026-000123", "0102-2026-000123-" + "A" * 60, mark):
        assert parse_proof(nonsense) is None


def test_the_portal_sees_the_open_offices_and_what_each_offers(province):
    known = [each.service_id for each in at_level("district", clock.today())]
    choose_services(district_office(), set(known[1:]), by=staff("chief"))
    with as_portal():
        unit, district, other = public_offices(province)[:3]
    assert [unit.code, district.code] == ["0100", "0102"]
    assert unit.offers(known[0], "province")
    assert not unit.offers(known[0], "district")
    assert district.offers(known[1], "district")
    assert not district.offers(known[0], "district")
    assert other.offers(known[0], "district")


def durations(province, office_id, counts):
    with as_national():
        OfficeServiceDuration.objects.bulk_create(
            OfficeServiceDuration(
                province_id=province.pk,
                office_id=office_id,
                service_id=1,
                month=clock.today().replace(day=1),
                minutes=minutes,
                n=n,
            )
            for minutes, n in counts
        )


def test_usual_times_are_told_from_ten_requests_on(province):
    with as_portal():
        first, second, third = public_offices(province)[:3]
    durations(province, first.id, [(60, 4), (120, 5)])
    durations(province, second.id, [(60, 5), (120, 4), (600, 1)])
    with as_portal():
        assert usual_time(province, first, 1) is None
        told = usual_time(province, second, 1)
        assert (told.half_minutes, told.most_minutes) == (60, 120)
        assert usual_time(province, third, 1) is None
