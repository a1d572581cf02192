"""A deadline told day by day, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from owso.formats import local_day
from services.calendars.deadlines import Deadline, DeadlineDay

_REASONS: dict[str, str | Promise] = {
    "received": gettext_lazy("Received; counting starts on the next working day"),
    "after_hours": gettext_lazy("Received after closing; counts from the next working day"),
    "weekend": gettext_lazy("The office is closed"),
    "paused": gettext_lazy("The clock stood still: we waited for you"),
}


@dataclass(frozen=True, slots=True)
class ToldDay:
    """One line of the explanation, for one or more days; `kind` is "", "off" or "due"."""

    day: str
    text: str
    kind: str


def told(explained: Deadline | None) -> tuple[ToldDay, ...]:
    """The days that lead to the legal limit, in the reader's language; like days together."""
    days: Iterable[DeadlineDay] = () if explained is None else explained.days
    return tuple(_told(list(run)) for _key, run in groupby(days, key=_alike))


def _alike(day: DeadlineDay) -> tuple[str, str]:
    return day.reason, day.holiday_name


def _told(run: list[DeadlineDay]) -> ToldDay:
    first, last = run[0], run[-1]
    days = local_day(first.day)
    if len(run) > 1:
        days = f"{days} – {local_day(last.day)}"
    is_off = not first.counts and first.reason != "received"
    kind = "due" if first.reason == "due" else "off" if is_off else ""
    return ToldDay(days, _text(first, last), kind)


def _text(first: DeadlineDay, last: DeadlineDay) -> str:
    if first.reason == "due":
        return _("Working day %(number)s: the legal limit") % {"number": first.number}
    if first.reason == "counted" and last.number != first.number:
        words = {"first": first.number, "last": last.number}
        return _("Working days %(first)s to %(last)s") % words
    if first.reason == "counted":
        return _("Working day %(number)s") % {"number": first.number}
    if first.reason == "holiday":
        return _("Public holiday: %(name)s") % {"name": first.holiday_name}
    if first.reason == "closure":
        return _("This office is closed: %(reason)s") % {"reason": first.holiday_name}
    return str(_REASONS[first.reason])
