"""Periods of figures, cut into the years, months and days that facts are kept by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid

TODAY, WEEK, DAYS_30 = "today", "7-days", "30-days"
MONTH, YEAR, EVERYTHING, CUSTOM = "month", "year", "everything", "custom"
LABELS = {
    TODAY: _("Today"),
    WEEK: _("Last 7 days"),
    DAYS_30: _("Last 30 days"),
    MONTH: _("This month"),
    YEAR: _("This year"),
    EVERYTHING: _("Everything"),
    CUSTOM: _("From day to day"),
}
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
DECEMBER = 12
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """A whole year ('y'), month ('m') or day ('d'), added (sign 1) or taken away (-1)."""

    grain: str
    starts_on: date
    sign: int = 1

    def negated(self) -> Part:
        """Return the same stretch with the other sign."""
        return Part(self.grain, self.starts_on, -self.sign)


@dataclass(frozen=True)
class Period:
    """A stretch of local days, both ends included."""

    code: str
    starts_on: date
    ends_on: date

    def parts(self) -> list[Part]:
        """Cut the period into few whole years, months and days.

        A month without its last two days is the month less two days: sums over parts stay exact
        and nothing reads more than half of a month, or of a year, in smaller pieces.
        """
        return [
            part
            for first, last in _by_year(self.starts_on, self.ends_on)
            for part in _parts_of_year(first, last)
        ]

    def within(self, first: date, last: date) -> Period:
        """Return the period cut to the whole years that lie around `first` and `last`."""
        starts_on = max(self.starts_on, date(first.year, 1, 1))
        ends_on = min(self.ends_on, date(last.year, DECEMBER, 31))
        return Period(self.code, starts_on, ends_on)


def period_of(code: str, *, today: date) -> Period:
    """Return a named period that ends today, or with the running month or year.

    Raises Invalid for an unknown name.
    """
    known = {
        TODAY: (today, today),
        WEEK: (today - timedelta(days=6), today),
        DAYS_30: (today - timedelta(days=29), today),
        MONTH: (today.replace(day=1), _next_month(today) - timedelta(days=1)),
        YEAR: (date(today.year, 1, 1), date(today.year, DECEMBER, 31)),
        EVERYTHING: (FIRST_DAY, LAST_DAY),
    }
    if code not in known:
        raise Invalid("period_unknown", _("Choose one of the periods of the list."))
    return Period(code, *known[code])


def custom_period(starts_on: date, ends_on: date) -> Period:
    """Return the period between two days; raises Invalid when they are out of order or range."""
    if not FIRST_DAY <= starts_on <= ends_on <= LAST_DAY:
        raise Invalid("period_order", _("The first day must not be after the last day."))
    return Period(CUSTOM, starts_on, ends_on)


def asked_period(params: Mapping[str, str], *, today: date) -> Period:
    """Return the period that a page's address asks for; raises Invalid for nonsense."""
    code = params.get("period") or TODAY
    if code != CUSTOM:
        return period_of(code, today=today)
    try:
        ends = [date.fromisoformat(params.get(end, "").strip()) for end in ("from", "to")]
    except ValueError:
        raise Invalid("period_days", _("Enter both days, as in 2026-11-23.")) from None
    return custom_period(*ends)


def _parts_of_year(first: date, last: date) -> list[Part]:
    start, end = date(first.year, 1, 1), date(first.year, DECEMBER, 31)
    direct = _parts_of_months(first, last)
    outside = _parts_of_months(start, first - DAY) + _parts_of_months(last + DAY, end)
    return _fewer(direct, Part("y", start), outside)


def _parts_of_months(first: date, last: date) -> list[Part]:
    found: list[Part] = []
    while first <= last:
        end = min(last, _next_month(first) - DAY)
        found += _parts_of_month(first, end)
        first = end + DAY
    return found


def _parts_of_month(first: date, last: date) -> list[Part]:
    start, end = first.replace(day=1), _next_month(first) - DAY
    outside = _days(start, first - DAY) + _days(last + DAY, end)
    return _fewer(_days(first, last), Part("m", start), outside)


def _fewer(direct: list[Part], whole: Part, outside: list[Part]) -> list[Part]:
    around = [whole, *(part.negated() for part in outside)]
    return around if len(around) <= len(direct) else direct


def _days(first: date, last: date) -> list[Part]:
    return [Part("d", first + DAY * place) for place in range((last - first).days + 1)]


def _by_year(first: date, last: date) -> Iterator[tuple[date, date]]:
    for year in range(first.year, last.year + 1):
        yield max(first, date(year, 1, 1)), min(last, date(year, DECEMBER, 31))


def _next_month(day: date) -> date:
    return date(day.year + day.month // DECEMBER, day.month % DECEMBER + 1, 1)
