"""What a measurement is called and how it is printed."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One measurement beside the floor of the same run.

    `ratio` is value / floor: of a rate the share of the floor that is reached, of a time how
    many times longer it takes.
    """

    name: str
    value: float
    unit: str
    size: str
    floor: float | None = None
    floor_is: str = ""

    @property
    def ratio(self) -> float | None:
        """How the value stands to its floor."""
        return round(self.value / self.floor, 3) if self.floor else None

    def line(self) -> str:
        """Return the row for people."""
        told = f"  {self.name:<26}{self.value:>12,.2f} {self.unit:<8} at {self.size:<10}"
        if self.floor is None:
            return told
        return f"{told} floor {self.floor:,.2f} ({self.floor_is}), ratio {self.ratio}"


def as_json(rows: Iterable[Row]) -> str:
    """Return all rows as one line."""
    return json.dumps([{**asdict(row), "ratio": row.ratio} for row in rows])
