"""What a seeding run hands from process to process; needs no Django, so it can be read early."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Written:
    """What was written now; batches that were there already are not counted."""

    requests: int
    rows: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A history to write: so many requests of all provinces over the days before `until`."""

    requests: int
    days: int
    seed: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """The part of one province in a plan."""

    code: str
    requests: int


@dataclass(frozen=True, slots=True)
class Progress:
    """What one process has just done: requests gone through, and a province when it is complete."""

    requests: int = 0
    code: str = ""
    written: Written | None = None
