"""Where an office is, for a map of the reader's choice; no map is loaded by our own pages."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class MapLinks:
    """A place on OpenStreetMap, and for the map that a phone has of its own."""

    web: str
    phone: str


def map_links(*parts: str) -> MapLinks:
    """Return the links for a place by the names it is found under, the nearest first."""
    words = ", ".join(part for part in parts if part)
    web = "https://www.openstreetmap.org/search?" + urlencode({"query": words})
    return MapLinks(web, "geo:0,0?" + urlencode({"q": words}))
