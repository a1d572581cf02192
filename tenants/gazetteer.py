"""The 25 capital and provinces and 210 districts of the gazetteer, as this product carries them.

Codes, names and counts: Ministry of Economy and Finance open data (2025) and NCDD through the
pumi data set (MIT). Slugs are this system's own.
"""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class DistrictFacts:
    """A district as the gazetteer has it."""

    code: str
    province: str
    name_km: str
    name_en: str
    kind: str


@dataclass(frozen=True)
class ProvinceFacts:
    """A capital or province as the gazetteer has it."""

    code: str
    iso_3166_2: str
    slug: str
    kind: str
    prefix_km: str
    name_km: str
    name_en: str
    sort_order: int
    lat: float | None = None
    lng: float | None = None
    is_practice: bool = False

    def row(self) -> dict[str, Any]:
        """Return the columns of the Province row."""
        return asdict(self)


@lru_cache(maxsize=1)
def provinces() -> tuple[ProvinceFacts, ...]:
    """Return the provinces in the order of their codes; `sort_order` is Khmer order."""
    rows = json.loads((DATA / "provinces.json").read_text(encoding="utf-8"))
    # Code-point order differs from Khmer dictionary order in the place of one name only.
    ordered = {row["code"]: place for place, row in enumerate(sorted(rows, key=_khmer_key), 1)}
    return tuple(ProvinceFacts(**row, sort_order=ordered[row["code"]]) for row in rows)


def _khmer_key(row: dict[str, Any]) -> str:
    # កោះកុង sorts by its vowel after កំពត and the other កំពង់ names.
    return str(row["name_km"]).replace("កោះកុង", "កំ\u17ffកោះកុង")


@lru_cache(maxsize=1)
def districts() -> tuple[DistrictFacts, ...]:
    """Return all districts in the order of their codes."""
    rows = json.loads((DATA / "districts.json").read_text(encoding="utf-8"))
    return tuple(DistrictFacts(**row) for row in rows)
