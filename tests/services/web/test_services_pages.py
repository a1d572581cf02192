"""The catalogue for citizens: found in any spelling, the fee worked out, the office named."""

from datetime import timedelta

import pytest

from services.citizens.life_events import life_events
from services.citizens.offices import forget_public_offices
from services.citizens.searching import fold, search
from services.offices.actions import choose_services, close_offices
from services.offices.actors import system_actor
from services.offices.calendars import calendar_of
from services.offices.queries import at_level
from services.web.catalogue.listing import all_services
from services.web.kept import forget_pages
from tenants import clock
from tests.factories import district_office, staff
from tests.services.web.conftest import queries_of, text_of

LIGHT_BYTES = 16_000


@pytest.fixture(autouse=True)
def _made_anew():
    forget_pages()
    yield
    forget_pages()
    forget_public_offices()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ចុះបញ្ជីទោចក្រយានយន្ត", "TRA-D-001"),
        ("ចុះ\u200bបញ្ជី\u200bទោចក្រយានយន្ត", "TRA-D-001"),
        ("ចុះបញជីទោចករយានយនត", "TRA-D-001"),
        ("អាពាហ៏ពិពាហ៏", "CIV-D-003"),
        ("birth", "CIV-C-001"),
        ("driving license", "TRA-P-001"),
        ("plong dei", "LAN-P-001"),
        ("moto", "TRA-D-001"),
        ("tou-d-002", "TOU-D-002"),
        ("ផ្ទះជួល", "TOU-D-002"),
    ],
)
def test_a_service_is_found_however_it_is_typed(db, typed, code):
    found = [each.service_code for each in search(all_services(), typed)]
    assert code in found[:6], found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ស្រី", "សី\u17d2រ"),
        ("ស្រី", "សរី"),
        ("ស្ដី", "ស្តី"),
        ("កើត", "ក\u17c1\u17b8ត"),
        ("ប័ណ្ណបើកបរ", "បណ្ណ បើក\u200bបរ"),
        ("២៥ kW", "25KW"),
    ],
    ids=["vowel first", "no coeng", "da and ta", "two vowels", "signs and spaces", "digits"],
)
def test_two_ways_of_typing_fold_into_one(one, other):
    assert fold(one) == fold(other)


def test_nonsense_finds_nothing_and_says_what_to_do(citizen):
    assert search(all_services(), "xyzzy qqq") == search(all_services(), " \u200b ") == ()
    page = text_of(citizen.get("/services/", {"q": "<b>xyzzy" + "q" * 300}))
    assert "Nothing was found" in page
    assert "&lt;b&gt;xyzzy" in page
    assert "By field" in page


def test_every_service_is_reached_by_its_field_and_by_a_life_event(citizen):
    services = {each.service_code for each in all_services()}
    assert {code for event in life_events() for code in event.services} == services
    front = text_of(citizen.get("/services/"))
    for sector in {each.sector_code for each in all_services()}:
        assert f"?sector={sector}" in front
    page = text_of(citizen.get("/services/", {"event": "vehicle"}))
    assert page.index("TRA-D-001") < page.index("TRA-P-013")
    assert "/services/LAN-P-001" in text_of(citizen.get("/services/", {"sector": "land"}))


def test_the_lists_are_light_and_not_sent_twice(citizen):
    for path in ("/services/", "/services/?event=shop", "/services/?sector=public-works-transport"):
        first = citizen.get(path)
        assert len(first.content) < LIGHT_BYTES, path
        again = citizen.get(path, **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert queries_of(lambda path=path: citizen.get(path)) == []
    assert citizen.get("/services/?lang=km", **{"If-None-Match": first["ETag"]}).status_code == 200


def test_a_service_says_fee_days_law_and_marks_what_is_not_law(citizen):
    page = text_of(citizen.get("/services/LAN-P-004"))
    for words in (
        "Re-location of a boundary point",
        "30,000 ៛ to 60,000 ៛",
        "5 to 10 working days",
    ):
        assert words in page
    assert "Joint Prakas 648 MEF of 7 July 2015" in page
    assert "demo figure, not law" in page
    free = text_of(citizen.get("/services/civ-c-001"))
    assert "<strong>Free</strong>" in free
    assert "Work out the fee" not in free


def test_the_calculator_works_by_the_rules_of_the_catalogue(citizen):
    path = "/services/LAN-P-004"
    page = text_of(citizen.get(path, {"by-place_class": "rural", "quantity": "៣"}))
    assert "You would pay <strong>90,000 ៛</strong>" in page
    missing = text_of(citizen.get(path, {"by-place_class": "", "quantity": "1"}))
    assert "The fee depends on this. Choose one of the answers." in missing
    many = text_of(citizen.get(path, {"by-place_class": "rural", "quantity": "101"}))
    assert "at most 100 in one request" in many
    assert "whole number" in text_of(
        citizen.get(path, {"by-place_class": "rural", "quantity": "x"})
    )
    unknown = text_of(citizen.get(path, {"by-place_class": "<b>", "quantity": "1"}))
    assert "not in the fee table" in unknown
    assert "<b>" not in unknown


def test_the_offices_of_a_province_that_offer_it_are_named(citizen, province):
    known = {each.service_code: each.service_id for each in at_level("district", clock.today())}
    kept = set(known.values()) - {known["TOU-D-002"]}
    choose_services(district_office(), kept, by=staff("chief"))
    path = "/services/TOU-D-002"
    assert "Serei Saophoan" not in text_of(citizen.get(path))
    page = text_of(citizen.get(path, {"province": "01"}))
    assert "Serei Saophoan" in page
    assert "Mongkol Borey" not in page
    other = district_office(1)
    ahead = (clock.today() + timedelta(days=days) for days in range(1, 14))
    day = next(day for day in ahead if calendar_of(other).is_working_day(day))
    close_offices([other], [day], reason_km="ទឹកជំនន់", reason_en="Flood", by=system_actor("tests"))
    full = text_of(citizen.get(path, {"province": "01", "office": "0103"}))
    for words in ("07:30", "Flood", "openstreetmap.org/search?query=Phnum+Srok", "geo:0,0?q="):
        assert words in full
    assert "too few to say" in full


def test_a_service_of_the_province_names_its_one_unit_at_once(citizen):
    page = text_of(citizen.get("/services/LAN-P-001", {"province": "12"}))
    assert "<h3>OWSU Phnom Penh</h3>" in page
    assert "hall of your commune" in text_of(citizen.get("/services/CIV-C-001", {"province": "12"}))


@pytest.mark.parametrize("place", ["99", "<b>", "០១", "%00"])
def test_an_unknown_place_shows_the_page_without_offices(citizen, place):
    page = citizen.get("/services/TOU-D-002", {"province": place, "office": place})
    assert page.status_code == 200
    assert "<h3>OWS" not in text_of(page)


def test_an_unknown_service_is_not_found(citizen):
    for code in ("NO-SUCH", "x" * 300, "%00"):
        assert citizen.get(f"/services/{code}").status_code == 404
