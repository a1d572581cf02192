"""The hours in which nobody is woken by a message."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from services.notify.kinds import Channel
from tenants import clock

DAY = timedelta(days=1)


def quiet_hours() -> tuple[time, time]:
    """Return from when until when it is quiet in Phnom Penh; the same hour twice is never."""
    begins, _dash, ends = settings.QUIET_HOURS.partition("-")
    try:
        return time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip())
    except ValueError as error:
        raise ImproperlyConfigured(
            f"QUIET_HOURS must read like 21:00-07:00, not {settings.QUIET_HOURS!r}."
        ) from error


def not_before(moment: datetime, channel: str) -> datetime:
    """Return when a message may go: at once, or in the morning. An e-mail wakes nobody."""
    begins, ends = quiet_hours()
    local = moment.astimezone(clock.LOCAL)
    is_quiet = (
        begins <= local.time() < ends
        if begins <= ends
        else local.time() >= begins or local.time() < ends
    )
    if channel == Channel.EMAIL or not is_quiet:
        return moment
    morning = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return morning if morning > local else morning + DAY
