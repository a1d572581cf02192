"""Where an office is, for a map of the reader's choice; no map is loaded by our own pages."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from services.bilingual import in_readers_language
from tenants.gazetteer import districts, provinces

DISTRICT_DIGITS, PROVINCE_DIGITS = 4, 2


@dataclass(frozen=True, slots=True)
class MapLinks:
    """A place on OpenStreetMap, and for the map that a phone has of its own."""

    web: str
    phone: str


@lru_cache(maxsize=2048)
def office_map(office_code: str, address: str, language: str) -> MapLinks:
    """Return the links to an office: by its address if known, in its district and province."""
    found = [
        (row.name_km, row.name_en)
        for row in districts()
        if row.code == office_code[:DISTRICT_DIGITS]
    ]
    found += [
        (row.name_km, row.name_en)
        for row in provinces()
        if row.code == office_code[:PROVINCE_DIGITS]
    ]
    names = (in_readers_language(*pair, language) for pair in found)
    words = ", ".join(part for part in (address, *names) if part)
    web = "https://www.openstreetmap.org/search?" + urlencode({"query": words})
    return MapLinks(web, "geo:0,0?" + urlencode({"q": words}))
