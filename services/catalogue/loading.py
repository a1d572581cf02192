"""Loading the catalogue's data files: what is new is published, what changed gets a new version."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial

from django.db import models, transaction

from services.catalogue import queries
from services.catalogue.actions import publish_version
from services.catalogue.definitions import (
    CatalogueDefinition,
    FeeDefinition,
    ServiceDefinition,
    VersionDefinition,
)
from services.catalogue.models import (
    FeeDimension,
    FeeDimensionValue,
    FeeRule,
    FeeTier,
    LegalInstrument,
    RequiredDocument,
    Sector,
    Service,
    ServiceVersion,
    StageTemplate,
)

# Early enough for the requests of an older register to find their terms.
FIRST_DAY = date(2010, 1, 1)


@dataclass(frozen=True)
class Loader:
    """Who publishes in the audit trail: the command, not a person."""

    user_id: int | None = None
    name: str = "load_catalogue"
    address: str = ""


@dataclass(frozen=True)
class LoadReport:
    """How many services the files have, and which of them are new or changed."""

    total: int
    new: tuple[str, ...]
    changed: tuple[str, ...]


@transaction.atomic
def load_catalogue(catalogue: CatalogueDefinition, *, starting: date) -> LoadReport:
    """Bring the tables to what the files say.

    A new service is published from 2010 on. A published version is never altered: a service whose
    file changed gets the next version, in force from ``starting``.
    """
    sector_ids = _save_sectors(catalogue)
    instrument_ids = _save_instruments(catalogue)
    service_ids = _save_services(catalogue.services, sector_ids)
    latest = _latest_versions()
    new: list[str] = []
    changed: list[str] = []
    for service in catalogue.services:
        number, content_hash = latest.get(service_ids[service.code], (0, ""))
        if content_hash == service.version.content_hash:
            continue
        (changed if number else new).append(service.code)
        version = ServiceVersion(
            service_id=service_ids[service.code],
            number=number + 1,
            valid_from=starting if number else FIRST_DAY,
        )
        _save_version(version, service.version, instrument_ids)
        publish_version(version.id, by=Loader())
    transaction.on_commit(queries.clear_caches)
    return LoadReport(len(catalogue.services), tuple(new), tuple(changed))


def _upsert(rows: Iterable[models.Model], *, fields: list[str]) -> None:
    rows = list(rows)
    type(rows[0])._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )


def _ids(model: type[models.Model]) -> dict[str, int]:
    return dict(model._default_manager.values_list("code", "id"))


def _save_sectors(catalogue: CatalogueDefinition) -> dict[str, int]:
    fields = ["name_km", "name_en", "sort_order"]
    _upsert(
        (
            Sector(code=sector.code, **{field: getattr(sector, field) for field in fields})
            for sector in catalogue.sectors
        ),
        fields=fields,
    )
    return _ids(Sector)


def _save_instruments(catalogue: CatalogueDefinition) -> dict[str, int]:
    fields = ["kind", "number", "title_km", "title_en", "issued_on", "source"]
    _upsert(
        (LegalInstrument(**asdict(instrument)) for instrument in catalogue.instruments),
        fields=fields,
    )
    return _ids(LegalInstrument)


def _save_services(
    services: Iterable[ServiceDefinition], sector_ids: dict[str, int]
) -> dict[str, int]:
    fields = ["level", "name_km", "name_en", "name_standing", "sort_order"]
    _upsert(
        (
            Service(
                code=service.code,
                sector_id=sector_ids[service.sector],
                **{field: getattr(service, field) for field in fields},
            )
            for service in services
        ),
        fields=[*fields, "sector"],
    )
    return _ids(Service)


def _latest_versions() -> dict[int, tuple[int, str]]:
    rows = ServiceVersion.objects.order_by("number").values_list(
        "service_id", "number", "content_hash"
    )
    return {service_id: (number, content_hash) for service_id, number, content_hash in rows}


def _save_version(
    version: ServiceVersion, definition: VersionDefinition, instrument_ids: dict[str, int]
) -> None:
    for field in (
        "limit_days",
        "limit_days_min",
        "limit_standing",
        "validity_km",
        "validity_en",
        "validity_standing",
        "fee_standing",
        "source",
        "note",
        "content_hash",
    ):
        setattr(version, field, getattr(definition, field))
    if definition.legal_basis is not None:
        version.instrument_id = instrument_ids[definition.legal_basis]
    version.save(force_insert=True)
    _save_fee(version, definition.fee, instrument_ids[definition.fee.instrument])
    stage = partial(StageTemplate, version=version)
    StageTemplate.objects.bulk_create(
        stage(sort_order=order, **asdict(entry)) for order, entry in enumerate(definition.stages, 1)
    )
    document = partial(RequiredDocument, version=version)
    RequiredDocument.objects.bulk_create(
        document(sort_order=order, **asdict(entry))
        for order, entry in enumerate(definition.documents, 1)
    )


def _save_fee(version: ServiceVersion, fee: FeeDefinition, instrument_id: int) -> None:
    rule = FeeRule.objects.create(
        version=version,
        kind=fee.kind,
        unit_km=fee.unit_km,
        unit_en=fee.unit_en,
        quantity_max=fee.quantity_max,
        instrument_id=instrument_id,
        note=fee.note,
    )
    for order, dimension in enumerate(fee.dimensions, 1):
        row = FeeDimension.objects.create(
            rule=rule,
            code=dimension.code,
            name_km=dimension.name_km,
            name_en=dimension.name_en,
            sort_order=order,
        )
        FeeDimensionValue.objects.bulk_create(
            FeeDimensionValue(dimension=row, sort_order=place, **asdict(value))
            for place, value in enumerate(dimension.values, 1)
        )
    FeeTier.objects.bulk_create(
        FeeTier(rule=rule, version=version, sort_order=order, **asdict(tier))
        for order, tier in enumerate(fee.tiers, 1)
    )
