"""The schematic map of the provinces, coloured by a measure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analytics.queries import ProvinceFigures
from analytics.web.measures import Measure
from owso.formats import name_of

# One hue from light to dark: readable by the colour-blind and in grey print.
FILLS = ("#e3ecf7", "#b5cbe8", "#7fa3d3", "#4676b3", "#1f3f77")
NO_FILL = "#f0f0f0"


@dataclass(frozen=True)
class Shape:
    """The outline of a province, its colour, and what it says."""

    code: str
    outline: str
    fill: str
    label: str


@dataclass(frozen=True)
class Step:
    """One colour of the legend and the values it stands for."""

    fill: str
    label: str


@dataclass(frozen=True)
class Map:
    """Everything the page draws."""

    view_box: str
    shapes: tuple[Shape, ...]
    steps: tuple[Step, ...]


@cache
def _drawing() -> dict[str, dict[str, str]]:
    loaded = json.loads((Path(__file__).parent / "map.json").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def map_of(provinces: Sequence[ProvinceFigures], measure: Measure) -> Map:
    """Return the map coloured by a measure; provinces of equal values have equal colours."""
    drawing = _drawing()
    values = {row.status.code: measure.read(row.figures) for row in provinces}
    known = sorted({value for value in values.values() if value is not None})
    fills = {value: FILLS[place * len(FILLS) // len(known)] for place, value in enumerate(known)}
    shapes = tuple(
        Shape(
            row.status.code,
            drawing["shapes"][row.status.code],
            NO_FILL if (value := values[row.status.code]) is None else fills[value],
            f"{name_of(row.status)}: {measure.text(row.figures)}",
        )
        for row in provinces
        if row.status.code in drawing["shapes"]
    )
    return Map(str(drawing["view_box"]), shapes, _steps(fills, measure))


def _steps(fills: dict[float, str], measure: Measure) -> tuple[Step, ...]:
    found = []
    for fill in FILLS:
        values = [value for value, given in fills.items() if given == fill]
        if values:
            ends = dict.fromkeys((measure.show(values[0]), measure.show(values[-1])))
            found.append(Step(fill, " – ".join(ends)))
    return tuple(found)
