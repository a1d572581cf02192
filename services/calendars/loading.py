"""Loading public holidays and the two usual office hours."""

from datetime import time

import holidays
from django.db import transaction

from services.calendars.models import Holiday, OfficeHours, OpeningPeriod
from services.calendars.queries import clear_caches

FIRST_YEAR = 2010
YEARS_AHEAD = 2
SOURCE = "Python package holidays, country KH"
WORKING_WEEK = range(5)
# [S] The two patterns commonly posted; [A] which office keeps which: each office chooses.
PRESETS = {
    "standard": ("ម៉ោងធម្មតា", "Usual hours", time(7, 30), time(11, 30), time(14), time(17)),
    "city": ("ម៉ោងទីក្រុង", "City hours", time(8), time(12), time(14), time(17)),
}


def load_holidays(*, this_year: int) -> int:
    """Load Cambodia's holidays from 2010 to two years ahead; give how many days there are.

    Days added by hand are kept as they are; a day the package no longer knows is taken out.
    """
    years = range(FIRST_YEAR, this_year + YEARS_AHEAD + 1)
    names_km = holidays.country_holidays("KH", years=years, language="km")
    names_en = holidays.country_holidays("KH", years=years, language="en_US")
    with transaction.atomic():
        by_hand = set(Holiday.objects.filter(is_added=True).values_list("day", flat=True))
        rows = [
            Holiday(day=day, name_km=names_km[day], name_en=names_en[day], source=SOURCE)
            for day in sorted(names_km)
            if day not in by_hand
        ]
        Holiday.objects.filter(is_added=False).exclude(day__in=names_km).delete()
        Holiday.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["day"],
            update_fields=["name_km", "name_en", "source"],
        )
    clear_caches()
    return len(rows) + len(by_hand)


def load_office_hours() -> int:
    """Make the usual office hours where they are missing; give how many were made.

    07:30 to 11:30 or 08:00 to 12:00, and 14:00 to 17:00, Monday to Friday. [S] What exists is
    left alone: an administrator may have changed it.
    """
    made = 0
    with transaction.atomic():
        for code, (name_km, name_en, *_moments) in PRESETS.items():
            hours, is_new = OfficeHours.objects.get_or_create(
                code=code, defaults={"name_km": name_km, "name_en": name_en}
            )
            if is_new:
                OpeningPeriod.objects.bulk_create(_periods(hours))
                made += 1
    clear_caches()
    return made


def _periods(hours: OfficeHours) -> list[OpeningPeriod]:
    *_names, opens, noon, afternoon, closes = PRESETS[hours.code]
    return [
        OpeningPeriod(office_hours=hours, weekday=weekday, opens_at=begin, closes_at=end)
        for weekday in WORKING_WEEK
        for begin, end in ((opens, noon), (afternoon, closes))
    ]
