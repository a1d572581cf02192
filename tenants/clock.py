"""The clock: instants are UTC, days are Cambodian."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Phnom_Penh")


def now() -> datetime:
    """Return this instant in UTC."""
    return datetime.now(UTC)


def local_day(instant: datetime) -> date:
    """Return the Cambodian calendar day of an aware instant."""
    return instant.astimezone(LOCAL).date()


def today() -> date:
    """Return today's Cambodian calendar day."""
    return local_day(now())
