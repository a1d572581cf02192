"""What a run of the disposal reports of each kind."""

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figures:
    """How many were due, taken and kept by a hold; rows changed and files removed."""

    due: int = 0
    taken: int = 0
    held: int = 0
    rows: int = 0
    files: int = 0

    def plus(self, other: "Figures") -> "Figures":
        """Return both together."""
        return Figures(
            *(mine + more for mine, more in zip(astuple(self), astuple(other), strict=True))
        )

    def as_data(self) -> dict[str, int]:
        """Return the figures as the report keeps them."""
        return asdict(self)


def figures_of(report: Mapping[str, Any], kind: str) -> Figures:
    """Return what a report says of a kind."""
    return Figures(**report.get(kind, {}))
