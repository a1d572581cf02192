"""A deadline told day by day, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

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
    """One line of the explanation; `kind` is "", "off" or "due"."""

    day: str
    text: str
    kind: str


def told(explained: Deadline | None) -> tuple[ToldDay, ...]:
    """The days that lead to the legal limit, in the reader's language."""
    days: Iterable[DeadlineDay] = () if explained is None else explained.days
    return tuple(_told(day) for day in days)


def _told(day: DeadlineDay) -> ToldDay:
    kind = "due" if day.reason == "due" else "" if day.counts or day.reason == "received" else "off"
    return ToldDay(local_day(day.day), _text(day), kind)


def _text(day: DeadlineDay) -> str:
    if day.reason == "due":
        return _("Working day %(number)s: the legal limit") % {"number": day.number}
    if day.reason == "counted":
        return _("Working day %(number)s") % {"number": day.number}
    if day.reason == "holiday":
        return _("Public holiday: %(name)s") % {"name": day.holiday_name}
    return str(_REASONS[day.reason])
