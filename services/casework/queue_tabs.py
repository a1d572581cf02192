"""The parts of an office's queue, and what narrows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from services.requests.states import CLOCK_RUNS, OPEN, State
from tenants import clock

UNFINISHED = OPEN | {State.READY, State.INCOMPLETE}
Position = tuple[datetime | None, int]


class Tab(StrEnum):
    """The parts of an office's queue."""

    MINE = "mine"
    ROLE = "role"
    OFFICE = "office"
    TODAY = "today"
    LATE = "late"
    OPINIONS = "opinions"
    PAUSED = "paused"
    READY = "ready"
    INCOMPLETE = "incomplete"


STATES: Mapping[Tab, frozenset[State]] = {
    Tab.MINE: OPEN,
    Tab.ROLE: CLOCK_RUNS,
    Tab.OFFICE: OPEN,
    Tab.TODAY: CLOCK_RUNS,
    Tab.LATE: CLOCK_RUNS,
    Tab.OPINIONS: OPEN,
    Tab.PAUSED: frozenset({State.WAITING}),
    Tab.READY: frozenset({State.READY}),
    Tab.INCOMPLETE: frozenset({State.INCOMPLETE}),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a queue; empty means all. `text` is a code, a phone number or part of a name."""

    service_id: int | None = None
    sector_id: int | None = None
    stage: str = ""
    text: str = ""


NO_FILTERS = Filters()


def midnight_after(now: datetime) -> datetime:
    """Return the end of the day in Phnom Penh."""
    tomorrow = clock.local_day(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=clock.LOCAL)
