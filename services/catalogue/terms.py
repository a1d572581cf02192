"""The terms of a service version as frozen values: what a request is registered under."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.bilingual import in_readers_language
from services.catalogue.kinds import Ceiling, FeeKind, Standing


@dataclass(frozen=True)
class InstrumentTerms:
    """The text a fee or service rests on."""

    id: int
    code: str
    kind: str
    number: str
    title_km: str
    title_en: str
    issued_on: date | None
    source: str

    @property
    def title(self) -> str:
        """Give the title in the reader's language."""
        return in_readers_language(self.title_km, self.title_en)


@dataclass(frozen=True)
class ValueTerms:
    """One value of a fee dimension, such as "outside the town"."""

    code: str
    label_km: str
    label_en: str

    @property
    def label(self) -> str:
        """Give the label in the reader's language."""
        return in_readers_language(self.label_km, self.label_en)


@dataclass(frozen=True)
class DimensionTerms:
    """One question the fee depends on, with its possible answers."""

    code: str
    name_km: str
    name_en: str
    values: tuple[ValueTerms, ...]

    @property
    def name(self) -> str:
        """Give the question in the reader's language."""
        return in_readers_language(self.name_km, self.name_en)


@dataclass(frozen=True)
class TierTerms:
    """One amount of the fee table: whole riel for one unit under the given conditions."""

    id: int
    code: str
    label_km: str
    label_en: str
    conditions: Mapping[str, str]
    ceiling: Ceiling
    amount_riel: int
    standing: Standing

    @property
    def label(self) -> str:
        """Give the label in the reader's language; empty for a fee without conditions."""
        return in_readers_language(self.label_km, self.label_en)


@dataclass(frozen=True)
class RuleTerms:
    """How the fee of one version is worked out."""

    id: int
    kind: FeeKind
    unit_km: str
    unit_en: str
    quantity_max: int
    instrument: InstrumentTerms
    dimensions: tuple[DimensionTerms, ...]
    tiers: tuple[TierTerms, ...]
    note: str = ""

    @property
    def unit(self) -> str:
        """Give what one fee is for, in the reader's language."""
        return in_readers_language(self.unit_km, self.unit_en)

    @property
    def is_free(self) -> bool:
        """Say whether nothing is ever asked."""
        return self.kind == FeeKind.FREE

    @property
    def takes_quantity(self) -> bool:
        """Say whether a form should ask how many."""
        return self.quantity_max > 1


@dataclass(frozen=True)
class StageTerms:
    """One processing stage: who acts, within how many working minutes, what the citizen reads."""

    id: int
    sort_order: int
    code: str
    actor_role: str
    limit_minutes: int
    name_km: str
    name_en: str
    citizen_km: str
    citizen_en: str

    @property
    def name(self) -> str:
        """Give the stage's name in the reader's language."""
        return in_readers_language(self.name_km, self.name_en)

    @property
    def citizen(self) -> str:
        """Give the sentence for the citizen in the reader's language."""
        return in_readers_language(self.citizen_km, self.citizen_en)


@dataclass(frozen=True)
class DocumentTerms:
    """A paper the applicant brings."""

    id: int
    sort_order: int
    name_km: str
    name_en: str
    is_mandatory: bool

    @property
    def name(self) -> str:
        """Give the paper's name in the reader's language."""
        return in_readers_language(self.name_km, self.name_en)


@dataclass(frozen=True)
class Standings:
    """How well each figure of a version is founded."""

    name: Standing
    fee: Standing
    limit: Standing
    validity: Standing


@dataclass(frozen=True)
class VersionTerms:
    """A service version with everything that hangs on it; limits are working days.

    What may still change of a published version (its end, its state) is not here.
    """

    id: int
    number: int
    valid_from: date
    service_id: int
    service_code: str
    level: str
    sector_id: int
    sector_code: str
    sector_name_km: str
    sector_name_en: str
    name_km: str
    name_en: str
    limit_days: int
    limit_days_min: int | None
    validity_km: str
    validity_en: str
    refund_rule: str
    instrument: InstrumentTerms | None
    source: str
    note: str
    standings: Standings
    fee: RuleTerms
    stages: tuple[StageTerms, ...]
    documents: tuple[DocumentTerms, ...]

    @property
    def name(self) -> str:
        """Give the service's name in the reader's language."""
        return in_readers_language(self.name_km, self.name_en)

    @property
    def sector_name(self) -> str:
        """Give the sector's name in the reader's language."""
        return in_readers_language(self.sector_name_km, self.sector_name_en)

    @property
    def validity(self) -> str:
        """Give how long the result is valid, in the reader's language; empty when unknown."""
        return in_readers_language(self.validity_km, self.validity_en)

    @property
    def has_placeholder(self) -> bool:
        """Say whether any figure shown for this version is demo data."""
        figures = [self.standings.fee, self.standings.limit]
        if self.validity_km:
            figures.append(self.standings.validity)
        figures.extend(tier.standing for tier in self.fee.tiers)
        return Standing.PLACEHOLDER in figures
