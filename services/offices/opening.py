"""Opening hours of an office in one line."""

from owso.formats import weekday_name
from services.calendars.working import Periods, WorkingCalendar


def hours_text(calendar: WorkingCalendar) -> str:
    """Days that open alike are told together: Mon-Fri 08:00-12:00, 14:00-17:00."""
    groups: list[tuple[list[int], Periods]] = []
    for weekday in range(7):
        periods = calendar.periods.get(weekday, ())
        if not periods:
            continue
        if groups and groups[-1][1] == periods and groups[-1][0][-1] == weekday - 1:
            groups[-1][0].append(weekday)
        else:
            groups.append(([weekday], periods))
    return "; ".join(f"{_days(days)} {_times(periods)}" for days, periods in groups)


def _days(days: list[int]) -> str:
    first, last = weekday_name(days[0]), weekday_name(days[-1])
    return first if len(days) == 1 else f"{first}–{last}"


def _times(periods: Periods) -> str:
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in periods)
