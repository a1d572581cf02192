"""What follows from a change of an office in parts of the work that stand above it.

Offices know nothing of requests: those who hold open files hand their rules up from here.
"""

from collections.abc import Callable
from datetime import date, datetime

from services.offices.actors import Actor
from services.offices.models import Closure, Office

Precondition = Callable[[Office], None]
Reckoning = Callable[[int, Actor, datetime], int]
Announcement = Callable[[Closure, int], None]
Reopening = Callable[[Office, date, int, datetime], None]

before_an_office_ends: list[Precondition] = []
"""Each may raise a DomainError before an office stops receiving requests."""

after_a_calendar_changed: list[Reckoning] = []
"""Each reckons anew, in the same transaction, what depends on an office's days; gives how many."""

after_a_closure: list[Announcement] = []
"""Each tells people of a closed day and how many deadlines it moved, in the same transaction."""

after_a_reopening: list[Reopening] = []
"""Each tells people that an office works on a day after all, in the same transaction."""


def may_end(office: Office) -> None:
    """Ask every precondition."""
    for precondition in before_an_office_ends:
        precondition(office)


def calendar_changed(office_id: int, *, by: Actor, now: datetime) -> int:
    """Have everything reckoned anew; return how many open deadlines moved."""
    return sum(reckon(office_id, by, now) for reckon in after_a_calendar_changed)


def announce(closure: Closure, moved: int) -> None:
    """Tell people of a closed day."""
    for tell in after_a_closure:
        tell(closure, moved)


def announce_reopening(office: Office, day: date, moved: int, *, now: datetime) -> None:
    """Tell people of a closed day that was taken back."""
    for tell in after_a_reopening:
        tell(office, day, moved, now)
