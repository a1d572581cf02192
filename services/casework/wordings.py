"""How documents are worded: by service where `data/outcomes.json` names it, else by its plan."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.bilingual import in_readers_language
from services.catalogue.terms import VersionTerms

DATA = Path(__file__).parent / "data/outcomes.json"
CERTIFICATE, PERMIT = "certificate", "permit"
OPINION_STAGE = "opinion"


@dataclass(frozen=True, slots=True)
class Wording:
    """Title and Khmer text of a document; the text names what is filled in by braces."""

    title_km: str
    title_en: str
    body_km: str

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_readers_language(self.title_km, self.title_en)


def wording_of(terms: VersionTerms) -> Wording:
    """Return the wording of a service; what it leaves out is that of its kind of document."""
    found = _read()
    has_opinion = any(stage.code == OPINION_STAGE for stage in terms.stages)
    kind = found["kinds"][PERMIT if has_opinion else CERTIFICATE]
    return Wording(**{**kind, **found["services"].get(terms.service_code, {})})


@cache
def _read() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = json.loads(DATA.read_text(encoding="utf-8"))
    return found
