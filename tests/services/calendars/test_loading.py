"""Holidays and office hours as they are loaded and read."""

from datetime import date, datetime, time

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from owso.errors import NotFound
from services.calendars.deadlines import add_working_days, deadline
from services.calendars.loading import load_holidays, load_office_hours
from services.calendars.models import Holiday, OfficeHours, OpeningPeriod
from services.calendars.queries import calendar_for, clear_caches
from tenants.clock import LOCAL

NEW_YEAR = date(2026, 4, 14)
ADDED = date(2026, 12, 15)


def hours_id(code="standard"):
    return OfficeHours.objects.get(code=code).id


def test_the_holidays_reach_from_2010_to_two_years_ahead(owner):
    load_holidays(this_year=2026)
    years = sorted({day.year for day in Holiday.objects.values_list("day", flat=True)})
    assert years == list(range(2010, 2029))
    assert Holiday.objects.get(day=NEW_YEAR).name_en == "Khmer New Year's Day"


def test_a_second_load_changes_nothing(owner):
    load_holidays(this_year=2026)
    before = list(Holiday.objects.values_list("id", "day"))
    load_holidays(this_year=2026)
    assert list(Holiday.objects.values_list("id", "day")) == before
    assert load_office_hours() == 0
    assert OpeningPeriod.objects.count() == 20


def test_days_added_by_hand_are_kept_and_stale_days_go(owner):
    Holiday.objects.create(
        day=ADDED, name_km="ថ្ងៃបន្ថែម", name_en="Added", source="circular", is_added=True
    )
    Holiday.objects.filter(day=NEW_YEAR).update(name_en="Renamed by hand", is_added=True)
    Holiday.objects.create(day=date(2026, 12, 16), name_km="ក", name_en="Stale", source="old")
    load_holidays(this_year=2026)
    assert Holiday.objects.filter(day=ADDED, is_added=True).exists()
    assert Holiday.objects.get(day=NEW_YEAR).name_en == "Renamed by hand"
    assert not Holiday.objects.filter(name_en="Stale").exists()


def test_the_two_usual_hours_open_seven_hours_from_monday_to_friday(db):
    opened = {
        code: [
            (day.opens_at, day.closes_at)
            for day in OpeningPeriod.objects.filter(office_hours__code=code, weekday=4)
        ]
        for code in ("standard", "city")
    }
    assert opened == {
        "standard": [(time(7, 30), time(11, 30)), (time(14), time(17))],
        "city": [(time(8), time(12)), (time(14), time(17))],
    }
    assert not OpeningPeriod.objects.filter(weekday__gte=5).exists()


def test_office_hours_changed_by_an_administrator_are_left_alone(owner):
    OpeningPeriod.objects.filter(office_hours__code="city", weekday=4).delete()
    load_office_hours()
    assert OpeningPeriod.objects.filter(office_hours__code="city").count() == 8


def test_a_deadline_over_the_new_year_skips_it(db):
    monday = datetime(2026, 4, 13, 9, tzinfo=LOCAL)
    assert add_working_days(monday, 1, calendar_for(hours_id())) == datetime(
        2026, 4, 17, 17, tzinfo=LOCAL
    )


def test_a_holiday_is_told_in_the_readers_language(db):
    monday = datetime(2026, 4, 13, 9, tzinfo=LOCAL)
    with translation.override("en"):
        days = deadline(monday, 1, calendar_for(hours_id()), now=monday).days
        assert days[1].holiday_name == "Khmer New Year's Day"
    with translation.override("km"):
        days = deadline(monday, 1, calendar_for(hours_id()), now=monday).days
        assert days[1].holiday_name == "ពិធីបុណ្យចូលឆ្នាំថ្មីប្រពៃណីជាតិ"


def test_an_added_holiday_moves_deadlines_once_the_calendar_is_fresh(owner):
    monday = datetime(2026, 12, 14, 9, tzinfo=LOCAL)
    before = add_working_days(monday, 1, calendar_for(hours_id()))
    Holiday.objects.create(
        day=ADDED, name_km="ថ្ងៃបន្ថែម", name_en="Added", source="circular", is_added=True
    )
    clear_caches()
    after = add_working_days(monday, 1, calendar_for(hours_id()))
    assert (before.date(), after.date()) == (ADDED, date(2026, 12, 16))


def test_a_warm_calendar_asks_nothing(db, django_assert_num_queries):
    office_hours = hours_id()
    calendar_for(office_hours)
    with django_assert_num_queries(0):
        assert calendar_for(office_hours).is_working_day(date(2026, 4, 13))


def test_hours_that_never_open_are_no_hours(owner):
    empty = OfficeHours.objects.create(code="empty", name_km="ទទេ", name_en="Empty")
    for unknown in (empty.id, 0):
        with pytest.raises(NotFound) as caught:
            calendar_for(unknown)
        assert caught.value.code == "office_hours_unknown"


@pytest.mark.parametrize(
    ("weekday", "opens", "closes", "refusal"),
    [
        (0, time(11), time(12), "opening_periods_do_not_overlap"),
        (7, time(8), time(12), "opening_weekday_exists"),
        (5, time(12), time(12), "opening_ends_after_it_begins"),
    ],
)
def test_opening_periods_that_cannot_be_are_refused(owner, weekday, opens, closes, refusal):
    period = OpeningPeriod(
        office_hours_id=hours_id(), weekday=weekday, opens_at=opens, closes_at=closes
    )
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        period.save()
