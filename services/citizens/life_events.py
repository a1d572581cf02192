"""The catalogue by what happens in people's lives, with the words they use for it.

The list stands in `data/life_events.json`; it holds no law, so a change needs no new version.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from services.bilingual import in_readers_language

DATA = Path(__file__).parent / "data/life_events.json"


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens, the services it asks for, and other words for it."""

    code: str
    name_km: str
    name_en: str
    words: tuple[str, ...]
    services: tuple[str, ...]

    @property
    def name(self) -> str:
        """Give the name in the reader's language."""
        return in_readers_language(self.name_km, self.name_en)


@lru_cache(maxsize=1)
def life_events() -> tuple[LifeEvent, ...]:
    """Return all life events in their order."""
    rows = json.loads(DATA.read_text(encoding="utf-8"))
    return tuple(
        LifeEvent(
            row["code"],
            row["name_km"],
            row["name_en"],
            tuple(row["words"]),
            tuple(row["services"]),
        )
        for row in rows
    )


def life_event(code: str) -> LifeEvent | None:
    """Return the life event of a code, None when there is none."""
    return next((each for each in life_events() if each.code == code), None)


def events_of(service_code: str) -> tuple[LifeEvent, ...]:
    """Return the life events that ask for a service."""
    return tuple(each for each in life_events() if service_code in each.services)
