"""The national page: who sees it, what it says, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from analytics.folding import fold
from analytics.models import DurationBucket, DurationCount, Freshness, ProvinceDay, ProvinceOpen
from analytics.periods import period_of
from analytics.queries import national
from owso.accounts.models import MinistryGrant
from owso.accounts.permissions import Role
from tenants import clock
from tenants.context import as_national
from tests.analytics.ledger import province
from tests.conftest import entered
from tests.databases import owner_connection
from tests.factories import RequestFactory, UserFactory

HOST = {"HTTP_HOST": "localhost"}


def account(*roles):
    """Make an account of the ministry."""
    with as_national():
        user = UserFactory(full_name_en="Chan Maly")
        for role in roles:
            MinistryGrant.objects.create(user=user, role=role)
    return user


def signed_in(*roles):
    """Return a browser signed in at the ministry."""
    client = Client(**HOST)
    user = account(*roles)
    with as_national():
        client.force_login(user)
    return client


@pytest.fixture
def ministry(db):
    """A browser of a ministry viewer."""
    return signed_in(Role.MINISTRY_VIEWER)


@pytest.fixture
def facts(db):
    """Figures of today for three provinces, all current."""
    today = clock.today()
    with as_national():
        for place, code in enumerate(("01", "02", "12"), 1):
            found = province(code)
            ProvinceDay.objects.create(
                province=found, day=today, received=1000 * place, completed_on_time=3 * place,
                completed_late=place, income_riel=500_000 * place, reversals_riel=1_000 * place,
            )  # fmt: skip
            for shift, n in ((-1, 2), (3, 5)):
                ProvinceOpen.objects.create(
                    province=found, due_on=today + timedelta(days=shift), n=n
                )
            ProvinceOpen.objects.create(province=found, due_on="9999-12-31", n=4)
            for kind, column in ((DurationCount, "minutes"), (DurationBucket, "from_minutes")):
                for value, n in ((10, 3 * place), (15, place)):
                    kind.objects.create(
                        province=found, grain="d", starts_on=today, n=n, **{column: value}
                    )
            Freshness.objects.create(province=found, current_at=clock.now())


def figure(page, code):
    """Return the exact value of a tile by its measure."""
    found = re.search(rf'href="#means-{code}".*?<data value="([^"]*)"', page.content.decode(), re.S)
    assert found
    return found[1]


def test_nobody_sees_it_without_signing_in(db):
    page = Client(**HOST).get("/national/")
    assert page.status_code == 302
    assert page["Location"].startswith("/account/sign-in/?next=/national/")


def test_a_page_whose_session_ended_is_loaded_anew_as_a_whole(db):
    part = Client(**HOST).get("/national/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Refresh"]) == (204, "true")


def test_an_account_without_the_grant_is_refused(db):
    assert signed_in().get("/national/").status_code == 403


def test_the_ministry_administrator_sees_it_too(db):
    assert signed_in(Role.MINISTRY_ADMIN).get("/national/").status_code == 200


def test_it_does_not_exist_on_a_province_host(ministry):
    with entered("01") as found:
        host = found.domains.first().domain
    assert ministry.get("/national/", headers={"Host": host}).status_code == 404


@pytest.mark.usefixtures("facts")
def test_the_tiles_add_up_all_provinces(ministry):
    page = ministry.get("/national/?lang=en")
    told = {
        code: figure(page, code)
        for code in ("received", "completed", "net", "on_time", "median", "open", "overdue",
                     "waiting")
    }  # fmt: skip
    assert told == {
        "received": "6000", "completed": "24", "net": "2994000", "on_time": "0.75",
        "median": "10.0", "open": "33", "overdue": "6", "waiting": "12",
    }  # fmt: skip
    assert "3 of 3 provinces reporting" in page.content.decode()


@pytest.mark.usefixtures("facts")
def test_both_languages_are_complete(ministry):
    english = ministry.get("/national/?lang=en").content.decode()
    khmer = ministry.get("/national/?lang=km").content.decode()
    assert "Waiting for the citizen" in english
    assert "Banteay Meanchey" in english
    body = khmer.split("<main", 1)[1]
    for name in ("Requests", "Income", "Late now", "As of", "Banteay", "Period", "schematic"):
        assert name not in body
    assert "បន្ទាយមានជ័យ" in body


@pytest.mark.usefixtures("facts")
def test_unchanged_figures_are_not_sent_again(ministry):
    first = ministry.get("/national/", headers={"HX-Request": "true"})
    again = {"HX-Request": "true", "If-None-Match": first["ETag"]}
    # "As of" moves on in steps; one that falls between the two calls changes the tag once.
    answers = [ministry.get("/national/", headers=again).status_code for _turn in range(2)]
    assert 304 in answers
    with as_national():
        Freshness.objects.filter(province__code="01").update(failing_since=clock.now())
    assert ministry.get("/national/", headers=again).status_code == 200


@pytest.mark.usefixtures("facts")
def test_the_refreshed_part_is_the_part_of_the_page(ministry):
    part = ministry.get("/national/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="figures"')
    assert "<html" not in part
    assert 'hx-trigger="every 3s"' in part


@pytest.mark.usefixtures("facts")
def test_the_table_is_sorted_by_any_measure(ministry):
    page = ministry.get("/national/?sort=received&order=desc").content.decode()
    assert re.findall(r'<tr id="province-(\d\d)"', page) == ["12", "02", "01"]
    assert 'aria-sort="descending"' in page


@pytest.mark.usefixtures("facts")
def test_the_map_is_coloured_by_the_chosen_measure(ministry):
    page = ministry.get("/national/?measure=overdue&lang=en").content.decode()
    assert "<title>Battambang: 2</title>" in page
    assert "OpenStreetMap contributors" in page
    assert page.count("<path ") == 3


def test_a_bad_period_is_explained_and_today_is_shown(ministry):
    page = ministry.get("/national/?period=custom&from=soon&to=2026-01-01&lang=en")
    assert page.status_code == 422
    assert "Enter both days" in page.content.decode()
    assert figure(page, "received") == "0"


def test_without_any_request_it_says_what_will_happen(ministry):
    page = ministry.get("/national/?lang=en").content.decode()
    assert "No office has recorded anything in this period" in page
    assert "Counting has not started" in page


@pytest.mark.usefixtures("facts")
def test_a_province_that_is_behind_is_named(ministry):
    with as_national():
        Freshness.objects.filter(province__code="02").update(
            current_at=clock.now() - timedelta(hours=1)
        )
    page = ministry.get("/national/?lang=en").content.decode()
    assert "These provinces are behind" in page
    assert "2 of 3 provinces reporting" in page


@pytest.mark.usefixtures("facts")
def test_counting_that_stopped_is_said_with_its_time(ministry):
    with as_national():
        Freshness.objects.update(current_at=clock.now() - timedelta(hours=1))
    page = ministry.get("/national/?lang=en").content.decode()
    assert "The figures have stood still since" in page


@pytest.mark.usefixtures("committed")
def test_the_practice_province_is_not_in_the_figures():
    with owner_connection() as db:
        db.execute("UPDATE tenants_province SET is_practice = true WHERE code = '02'")
    found = national(period_of("today", today=clock.today()))
    assert [row.status.code for row in found.provinces] == ["01", "12"]


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize("period", ["today", "30-days", "year", "everything"])
def test_the_figures_of_any_period_take_five_queries(period):
    with as_national(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        with CaptureQueriesContext(connection) as queries:
            national(period_of(period, today=clock.today()))
    statements = [query for query in queries if "set_config" not in query["sql"]]
    assert len(statements) == 5


@pytest.mark.usefixtures("facts")
def test_the_page_costs_the_same_whatever_it_shows(ministry):
    counts = set()
    for address in ("?period=today", "?period=year&sort=p90", "?period=everything&measure=net"):
        with CaptureQueriesContext(connection) as queries:
            assert ministry.get(f"/national/{address}").status_code == 200
        counts.add(len([query for query in queries if "set_config" not in query["sql"]]))
    assert len(counts) == 1
    assert counts.pop() <= 9


@pytest.mark.usefixtures("committed")
def test_a_request_from_the_counter_is_in_the_figures_of_its_day():
    with entered("01"):
        RequestFactory(reach="delivered", started=clock.now() - timedelta(days=3))
    fold(province())
    found = national(period_of("7-days", today=clock.today()))
    of_province = found.provinces[0].figures
    assert (of_province.received, of_province.completed, of_province.delivered) == (1, 1, 1)
    assert of_province.net_riel == 5000
    assert found.total.median_minutes == of_province.median_minutes
    assert found.total.median_minutes is not None
