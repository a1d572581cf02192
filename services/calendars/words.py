"""What each day on the way to a deadline is called, for the pages that explain one."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.calendars.deadlines import DeadlineDay, Reason

REASONS: dict[Reason, str | Promise] = {
    "after_hours": _("Came in after closing time: counts as received on the next working day"),
    "received": _("Received: the count begins on the next working day"),
    "counted": _("Working day"),
    "weekend": _("Office closed"),
    "holiday": _("Public holiday"),
    "paused": _("The clock stood still while the office waited"),
    "due": _("Due by the close of the office"),
}


def reason_text(day: DeadlineDay) -> str | Promise:
    """Give the words for one day; a holiday is called by its name."""
    return day.holiday_name or REASONS[day.reason]
