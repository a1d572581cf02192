"""The public standard: right figures, small numbers hidden, open data that programs can read."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from analytics import standards
from analytics.models import OfficeRef, OfficeServiceDay, OfficeServiceDuration, StandardFigure
from analytics.web import standard_views
from services.catalogue.models import Service
from tenants.context import as_national, province_by_code
from tests.services.web.conftest import Browser, text_of

NOVEMBER = datetime(2026, 11, 24, 3, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def citizen(province):
    standard_views.forget_standards()
    yield Browser("localhost", province)
    standard_views.forget_standards()


def fact(code, office, received, *, service=0, day=date(2026, 10, 7), late=0, minutes=(100,)):
    """Write what the fold would have written of one office on one day."""
    province = province_by_code(code)
    service_id = Service.objects.order_by("pk")[service].pk
    keys = {"province_id": province.pk, "office_id": office, "service_id": service_id}
    OfficeServiceDay.objects.create(
        **keys,
        day=day,
        received=received,
        completed_on_time=received - late,
        completed_late=late,
        payments=received,
        income_riel=received * 1_000,
        reversals_riel=500,
    )
    for place, length in enumerate(minutes):
        n = received - len(minutes) + 1 if place == 0 else 1
        month = day.replace(day=1)
        OfficeServiceDuration.objects.create(**keys, month=month, minutes=length, n=n)
    OfficeRef.objects.get_or_create(
        province_id=province.pk,
        office_id=office,
        defaults={
            "code": f"{code}0{office}",
            "kind": "district",
            "name_km": f"ការិយាល័យ {office}",
            "name_en": f"Office {office}",
        },
    )


@pytest.fixture
def october(citizen):
    """Two provinces with three offices each; one office saw four people."""
    with as_national():
        for code, counts in (("01", (4, 30, 60)), ("02", (20, 30, 50))):
            for office, received in enumerate(counts, 1):
                fact(code, office, received, late=1 if received == 60 else 0)
        fact("02", 3, 12, service=1, minutes=(500, 2_000))
        fact("02", 3, 99, day=date(2026, 11, 3))  # not over yet
        _days("01", "02")
    assert standards.refresh_standards(NOVEMBER) == 1
    standard_views.forget_standards()
    return citizen


def _days(*codes):
    from analytics.models import ProvinceDay

    for code in codes:
        for day in (date(2026, 10, 7), date(2026, 11, 3)):
            ProvinceDay.objects.create(province_id=province_by_code(code).pk, day=day)


def figures_of(rows):
    return {row.code: row.figure and row.figure.received for row in rows}


def test_a_closed_month_is_summed_and_an_open_one_is_not_published(october):
    found = standards.standard(OCTOBER)
    assert standards.published_months() == [OCTOBER]
    nation = found.nation.figure
    assert (nation.received, nation.completed, nation.late) == (206, 206, 1)
    assert nation.income_riel == 206_000 - 7 * 500
    assert (nation.median_minutes, nation.p90_minutes) == (100, 100)
    assert figures_of(found.provinces) == {"01": 94, "02": 112}
    second = next(row for row in found.services if row.figure.received == 12)
    assert (second.figure.median_minutes, second.figure.p90_minutes) == (500, 500)


def test_an_office_with_few_is_hidden_and_the_next_smallest_with_it(october):
    found = standards.standard(OCTOBER)
    assert figures_of(found.offices_of("01")) == {"0101": None, "0102": None, "0103": 60}
    assert figures_of(found.offices_of("02")) == {"0201": 20, "0202": 30, "0203": 62}


def test_offices_of_a_hidden_province_are_hidden_and_few_in_all_hide_everything(citizen):
    with as_national():
        fact("01", 1, 5)
        fact("02", 1, 40)
        fact("02", 2, 20)
        fact("12", 1, 300)
        _days("01")
    standards.refresh_standards(NOVEMBER)
    found = standards.standard(OCTOBER)
    assert figures_of(found.provinces) == {"01": None, "02": None, "12": 300}
    assert {row.figure for row in (*found.offices_of("01"), *found.offices_of("02"))} == {None}
    with as_national():
        OfficeServiceDay.objects.exclude(received=5).delete()
    standards.refresh_standards(NOVEMBER + timedelta(days=1))
    assert {row.figure for row in standards.standard(OCTOBER).rows()} == {None}


def test_the_month_is_worked_out_again_without_doubling(october):
    with as_national():
        fact("02", 4, 11)
        before = StandardFigure.objects.count()
    assert standards.refresh_standards(NOVEMBER + timedelta(hours=5)) == 0
    assert standards.refresh_standards(NOVEMBER + timedelta(hours=6)) == 1
    assert figures_of(standards.standard(OCTOBER).provinces)["02"] == 123
    with as_national():
        assert StandardFigure.objects.count() == before + 1


def test_the_pages_tell_every_figure_its_definition_and_what_is_not_shown(october):
    assert october.get("/standards/")["Location"] == "/standards/2026-10"
    page = october.get("/standards/2026-10")
    text = text_of(page)
    for words in ("October 2026", "206", "99.5 %", "202,500 ៛", "As of", "CC BY 4.0", "Half of"):
        assert words in text
    province = text_of(october.get("/standards/2026-10/01"))
    assert "Office 3" in province
    assert province.count("Not shown: too few") == 2
    october.client.cookies["owso_language"] = "km"
    assert "ខែតុលា ឆ្នាំ2026" in text_of(october.get("/standards/2026-10"))


def test_a_page_that_has_not_changed_is_not_sent_again(october, django_assert_num_queries):
    page = october.get("/standards/2026-10")
    assert page["Cache-Control"] == "public, max-age=300"
    again = october.get("/standards/2026-10", **{"If-None-Match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    english = page["ETag"]
    october.client.cookies["owso_language"] = "km"
    assert october.get("/standards/2026-10")["ETag"] != english


def test_the_open_data_name_their_licence_and_columns_and_leave_hidden_figures_out(october):
    answer = october.get("/standards/2026-10.csv")
    assert answer["Link"] == '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert list(rows[0]) == list(standard_views.COLUMNS)
    told = json.loads(october.get("/standards/2026-10.json").content)
    assert told["licence"]["name"] == "CC BY 4.0"
    assert set(told["columns"]) == set(told["rows"][0])
    assert len(told["rows"]) == len(rows) == 1 + 2 + 6 + 2
    small = next(row for row in told["rows"] if row["code"] == "0101")
    assert small["hidden"] is True
    assert {small[name] for name in ("received", "on_time_share", "income_riel")} == {None}
    unchanged = october.get("/standards/2026-10.csv", **{"If-None-Match": answer["ETag"]})
    assert unchanged.status_code == 304


@pytest.mark.parametrize("path", ["2026-09", "2026-11", "2026-13", "2026-10/77", "2026-12.csv"])
def test_what_is_not_published_is_not_there(october, path):
    assert october.get(f"/standards/{path}").status_code == 404


def test_without_a_whole_month_the_page_says_so(citizen):
    page = citizen.get("/standards/")
    assert page.status_code == 200
    assert "Nothing is published yet" in text_of(page)
