"""The catalogue as its data files say it: read, checked and turned into frozen definitions."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

from services.catalogue.kinds import Ceiling, FeeKind, InstrumentKind, Level, Standing
from services.catalogue.plans import Desk, Plans, StageDefinition, read_plans, stages_of
from services.catalogue.terms import DimensionTerms, ValueTerms

DATA = Path(__file__).parent / "data"


class BadCatalogueError(ValueError):
    """A data file says something that cannot be; the message names the file and the service."""


@dataclass(frozen=True)
class SectorDefinition:
    """A sector with the desk that works on its files."""

    code: str
    name_km: str
    name_en: str
    sort_order: int
    desk: Desk


@dataclass(frozen=True)
class InstrumentDefinition:
    """A legal text, or the statement that none is known."""

    code: str
    kind: str
    number: str
    title_km: str
    title_en: str
    issued_on: date | None
    source: str


@dataclass(frozen=True)
class TierDefinition:
    """One amount, in whole riel."""

    code: str
    label_km: str
    label_en: str
    conditions: Mapping[str, str]
    ceiling: str
    amount_riel: int
    standing: str


@dataclass(frozen=True)
class FeeDefinition:
    """The fee table of a version."""

    kind: str
    unit_km: str
    unit_en: str
    quantity_max: int
    instrument: str
    note: str
    dimensions: tuple[DimensionTerms, ...]
    tiers: tuple[TierDefinition, ...]


@dataclass(frozen=True)
class DocumentDefinition:
    """A paper the applicant brings."""

    name_km: str
    name_en: str
    is_mandatory: bool


@dataclass(frozen=True)
class VersionDefinition:
    """Everything a version fixes; a change of any of it makes another version."""

    limit_days: int
    limit_days_min: int | None
    limit_standing: str
    validity_km: str
    validity_en: str
    validity_standing: str
    fee_standing: str
    legal_basis: str | None
    source: str
    note: str
    fee: FeeDefinition
    stages: tuple[StageDefinition, ...]
    documents: tuple[DocumentDefinition, ...]

    @property
    def content_hash(self) -> str:
        """Give a hash that changes with anything the version fixes."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class ServiceDefinition:
    """A service and the version its file describes."""

    code: str
    level: str
    sector: str
    name_km: str
    name_en: str
    name_standing: str
    sort_order: int
    version: VersionDefinition


@dataclass(frozen=True)
class CatalogueDefinition:
    """A whole folder of catalogue data."""

    sectors: tuple[SectorDefinition, ...]
    instruments: tuple[InstrumentDefinition, ...]
    services: tuple[ServiceDefinition, ...]


def read_catalogue(folder: Path = DATA) -> CatalogueDefinition:
    """Read and check a folder of catalogue data; raises BadCatalogueError."""
    sectors = tuple(_sector(entry) for entry in _load(folder / "sectors.json"))
    instruments = tuple(_instrument(entry) for entry in _load(folder / "instruments.json"))
    plans = read_plans(_load(folder / "plans.json"))
    desks = {sector.code: sector.desk for sector in sectors}
    services = [
        _checked(path, entry, plans, desks)
        for path in sorted((folder / "services").glob("*.json"))
        for entry in _load(path)
    ]
    _check_references(services, {instrument.code for instrument in instruments})
    return CatalogueDefinition(
        sectors, instruments, tuple(sorted(services, key=lambda service: service.sort_order))
    )


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadCatalogueError(f"{path.name} cannot be read: {error}") from error


def _checked(
    path: Path, entry: Mapping[str, Any], plans: Plans, desks: Mapping[str, Desk]
) -> ServiceDefinition:
    try:
        return _service(path.stem, entry, plans, desks[path.stem])
    except (KeyError, TypeError, ValueError) as error:
        where = f"{path.name}, service {entry.get('code', '?')}"
        raise BadCatalogueError(f"{where}: {type(error).__name__} {error}") from error


def _check_references(services: list[ServiceDefinition], instruments: set[str]) -> None:
    codes = [service.code for service in services]
    if len(codes) != len(set(codes)):
        raise BadCatalogueError("A service code is used twice.")
    for service in services:
        for code in (service.version.legal_basis, service.version.fee.instrument):
            if code is not None and code not in instruments:
                raise BadCatalogueError(f"{service.code}: there is no instrument {code}")


def _sector(entry: Mapping[str, Any]) -> SectorDefinition:
    return SectorDefinition(
        code=entry["code"],
        name_km=entry["name_km"],
        name_en=entry["name_en"],
        sort_order=entry["sort_order"],
        desk=Desk(entry["desk_km"], entry["desk_en"]),
    )


def _instrument(entry: Mapping[str, Any]) -> InstrumentDefinition:
    issued_on = entry["issued_on"]
    return InstrumentDefinition(
        code=entry["code"],
        kind=InstrumentKind(entry["kind"]).value,
        number=entry["number"],
        title_km=entry["title_km"],
        title_en=entry["title_en"],
        issued_on=date.fromisoformat(issued_on) if issued_on else None,
        source=entry["source"],
    )


def _service(sector: str, entry: Mapping[str, Any], plans: Plans, desk: Desk) -> ServiceDefinition:
    return ServiceDefinition(
        code=entry["code"],
        level=Level(entry["level"]).value,
        sector=sector,
        name_km=entry["name_km"],
        name_en=entry["name_en"],
        name_standing=Standing(entry["name_standing"]).value,
        sort_order=entry["sort_order"],
        version=_version(entry, plans, desk),
    )


def _version(entry: Mapping[str, Any], plans: Plans, desk: Desk) -> VersionDefinition:
    limit, validity, fee = entry["limit"], entry["validity"], entry["fee"]
    return VersionDefinition(
        limit_days=limit["days"],
        limit_days_min=limit["days_min"],
        limit_standing=Standing(limit["standing"]).value,
        validity_km=validity["km"],
        validity_en=validity["en"],
        validity_standing=Standing(validity["standing"]).value,
        fee_standing=Standing(fee["standing"]).value,
        legal_basis=entry["legal_basis"],
        source=entry["source"],
        note=entry["note"],
        fee=_fee(fee),
        stages=stages_of(plans[entry["plan"]], limit_days=limit["days"], desk=desk),
        documents=tuple(DocumentDefinition(**document) for document in entry["documents"]),
    )


def _fee(entry: Mapping[str, Any]) -> FeeDefinition:
    dimensions = tuple(_dimension(dimension) for dimension in entry["dimensions"])
    fee = FeeDefinition(
        kind=FeeKind(entry["kind"]).value,
        unit_km=entry["unit_km"],
        unit_en=entry["unit_en"],
        quantity_max=entry["quantity_max"],
        instrument=entry["instrument"],
        note=entry["note"],
        dimensions=dimensions,
        tiers=tuple(_tier(tier, dimensions) for tier in entry["tiers"]),
    )
    _check_fee(fee)
    return fee


def _dimension(entry: Mapping[str, Any]) -> DimensionTerms:
    values = tuple(ValueTerms(**value) for value in entry["values"])
    return DimensionTerms(entry["code"], entry["name_km"], entry["name_en"], values)


def _tier(entry: Mapping[str, Any], dimensions: tuple[DimensionTerms, ...]) -> TierDefinition:
    conditions = entry["conditions"]
    chosen = [
        value
        for dimension in dimensions
        for value in dimension.values
        if conditions[dimension.code] == value.code
    ]
    return TierDefinition(
        code="-".join(value.code for value in chosen) or "base",
        label_km=" · ".join(value.label_km for value in chosen),
        label_en=" · ".join(value.label_en for value in chosen),
        conditions=conditions,
        ceiling=Ceiling(entry["ceiling"]).value,
        amount_riel=entry["amount_riel"],
        standing=Standing(entry["standing"]).value,
    )


def _check_fee(fee: FeeDefinition) -> None:
    cases = [
        dict(zip((d.code for d in fee.dimensions), values, strict=True))
        for values in product(*([value.code for value in d.values] for d in fee.dimensions))
    ]
    conditions = [dict(tier.conditions) for tier in fee.tiers]
    if any(case not in cases for case in conditions):
        raise ValueError("a fee names a case that its dimensions do not have")
    if not conditions or any(conditions.count(case) > 1 for case in conditions):
        raise ValueError("each case has one fee, and there is at least one")
    is_free = all(tier.amount_riel == 0 for tier in fee.tiers)
    if is_free != (fee.kind == FeeKind.FREE):
        raise ValueError("a service is called free exactly when every fee is 0")
    if bool(fee.dimensions) != (fee.kind == FeeKind.BY_DIMENSION):
        raise ValueError("a fee has dimensions exactly when it is called by dimension")
