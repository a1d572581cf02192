"""Making frozen terms from the rows of a version."""

from services.catalogue.kinds import Ceiling, FeeKind, Standing
from services.catalogue.models import (
    FeeDimension,
    FeeRule,
    FeeTier,
    LegalInstrument,
    RequiredDocument,
    ServiceVersion,
    StageTemplate,
)
from services.catalogue.terms import (
    DimensionTerms,
    DocumentTerms,
    InstrumentTerms,
    RuleTerms,
    StageTerms,
    Standings,
    TierTerms,
    ValueTerms,
    VersionTerms,
)


def version_terms(row: ServiceVersion) -> VersionTerms:
    """Make the terms of a version whose related rows are fetched already."""
    service, sector = row.service, row.service.sector
    return VersionTerms(
        id=row.id,
        number=row.number,
        valid_from=row.valid_from,
        service_id=service.id,
        service_code=service.code,
        level=service.level,
        sector_id=sector.id,
        sector_code=sector.code,
        sector_name_km=sector.name_km,
        sector_name_en=sector.name_en,
        name_km=service.name_km,
        name_en=service.name_en,
        limit_days=row.limit_days,
        limit_days_min=row.limit_days_min,
        validity_km=row.validity_km,
        validity_en=row.validity_en,
        refund_rule=row.refund_rule,
        instrument=_instrument(row.instrument) if row.instrument else None,
        source=row.source,
        note=row.note,
        standings=_standings(row),
        fee=_rule(row.fee_rule),
        stages=tuple(_stage(stage) for stage in row.stages.all()),
        documents=tuple(_document(document) for document in row.documents.all()),
    )


def _standings(row: ServiceVersion) -> Standings:
    return Standings(
        name=Standing(row.service.name_standing),
        fee=Standing(row.fee_standing),
        limit=Standing(row.limit_standing),
        validity=Standing(row.validity_standing),
    )


def _instrument(row: LegalInstrument) -> InstrumentTerms:
    return InstrumentTerms(
        id=row.id,
        code=row.code,
        kind=row.kind,
        number=row.number,
        title_km=row.title_km,
        title_en=row.title_en,
        issued_on=row.issued_on,
        source=row.source,
    )


def _rule(row: FeeRule) -> RuleTerms:
    return RuleTerms(
        id=row.id,
        kind=FeeKind(row.kind),
        unit_km=row.unit_km,
        unit_en=row.unit_en,
        quantity_max=row.quantity_max,
        instrument=_instrument(row.instrument),
        dimensions=tuple(_dimension(dimension) for dimension in row.dimensions.all()),
        tiers=tuple(_tier(tier) for tier in row.tiers.all()),
        note=row.note,
    )


def _dimension(row: FeeDimension) -> DimensionTerms:
    values = (ValueTerms(value.code, value.label_km, value.label_en) for value in row.values.all())
    return DimensionTerms(row.code, row.name_km, row.name_en, tuple(values))


def _tier(row: FeeTier) -> TierTerms:
    return TierTerms(
        id=row.id,
        code=row.code,
        label_km=row.label_km,
        label_en=row.label_en,
        conditions=row.conditions,
        ceiling=Ceiling(row.ceiling),
        amount_riel=row.amount_riel,
        standing=Standing(row.standing),
    )


def _stage(row: StageTemplate) -> StageTerms:
    return StageTerms(
        id=row.id,
        sort_order=row.sort_order,
        code=row.code,
        actor_role=row.actor_role,
        limit_minutes=row.limit_minutes,
        name_km=row.name_km,
        name_en=row.name_en,
        citizen_km=row.citizen_km,
        citizen_en=row.citizen_en,
    )


def _document(row: RequiredDocument) -> DocumentTerms:
    return DocumentTerms(row.id, row.sort_order, row.name_km, row.name_en, row.is_mandatory)
