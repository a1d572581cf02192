"""One address may look up so often, guess much less often, and hears how long it has to wait."""

import pytest

from owso.limits import place_of
from services.web.portal import lookups

WIDE_NETWORK = "2001:db8:1:2"
YEAR_DAYS, ADDRESSES, LIVE_CODES = 365, 1_000, 11_000_000


@pytest.fixture(autouse=True)
def _heard_again(db):
    yield
    lookups.forget()


def test_ten_thousand_look_ups_of_one_address_get_the_minutes_share():
    answered = sum(lookups.may_look_up("192.0.2.1") for _ in range(10_000))
    # A minute may turn while they come.
    assert answered in {120, 240}
    assert lookups.may_look_up("192.0.2.2")


def test_a_guesser_is_heard_thirty_times_and_waits_ten_minutes():
    heard = [lookups.may_miss("192.0.2.1") for _ in range(32)]
    assert heard == [True] * 30 + [False] * 2
    assert not lookups.may_look_up("192.0.2.1")
    assert 9 <= lookups.wait_minutes("192.0.2.1") <= 10
    assert lookups.wait_minutes("192.0.2.2") == 1
    assert lookups.may_look_up("192.0.2.2")


def test_a_patient_guesser_is_heard_two_hundred_times_a_day(monkeypatch):
    monkeypatch.setattr(lookups, "MISSES", lookups.parse("1000 per 10 minutes"))
    assert sum(lookups.may_miss("192.0.2.1") for _ in range(250)) == 200
    assert lookups.wait_minutes("192.0.2.1") > 60


def test_a_thousand_addresses_find_less_than_one_code_in_a_year():
    guesses = ADDRESSES * YEAR_DAYS * lookups.MISSES_A_DAY.amount
    assert lookups.MISSES_A_DAY.get_expiry() == 86_400
    assert guesses * LIVE_CODES < 2**50


def test_a_household_of_the_sixth_version_counts_as_one_address():
    places = {place_of(f"{WIDE_NETWORK}:{each}::1") for each in range(5)}
    assert len(places) == 1
    assert place_of("2001:db8:1:3::1") not in places
    assert place_of("192.0.2.1") == "192.0.2.1"
    assert place_of("fe80::1%eth0") == "fe80::/64"
    assert place_of("no:address") == "no:address"
