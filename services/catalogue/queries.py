"""Reading the catalogue: terms of versions, kept in the process.

A published version never changes, so its terms are kept for good; which version is in force, and
whether the service is open, is asked again after half a minute.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid, NotFound
from services.catalogue.building import version_terms
from services.catalogue.kinds import VersionState
from services.catalogue.models import Service, ServiceVersion
from services.catalogue.terms import VersionTerms
from services.short_cache import ShortCache

FRESH_SECONDS = 30.0

_terms: dict[int, VersionTerms] = {}
_in_force: ShortCache[tuple[str, date], VersionTerms] = ShortCache(FRESH_SECONDS)
_offered: ShortCache[tuple[str, date], tuple[VersionTerms, ...]] = ShortCache(FRESH_SECONDS)


def terms(version_id: int) -> VersionTerms:
    """Give the terms of a version, also of a retired one: requests keep theirs for life.

    Raises NotFound with the code ``version_unknown``.
    """
    kept = _terms.get(version_id)
    if kept is not None:
        return kept
    found = _read([version_id])
    if not found:
        raise NotFound(
            "version_unknown", _("There is no such version of a service. Choose the service again.")
        )
    return found[0]


def published_version(service_code: str, *, on: date) -> VersionTerms:
    """Give the terms a request of that day is registered under.

    Raises NotFound ``service_unknown``, or Invalid ``service_closed`` or ``version_retired``.
    """
    return _in_force.get((service_code, on), lambda: _find(service_code, on))


def offered(level: str, on: date) -> tuple[VersionTerms, ...]:
    """Give the open services of a level with the terms in force that day, in catalogue order."""
    return _offered.get((level, on), lambda: _find_offered(level, on))


def clear_caches() -> None:
    """Forget what this process keeps, after a change that must act at once."""
    _terms.clear()
    _in_force.clear()
    _offered.clear()


def in_force(on: date) -> QuerySet[ServiceVersion]:
    """Give the published versions whose validity covers a day."""
    return ServiceVersion.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        state=VersionState.PUBLISHED,
        valid_from__lte=on,
    )


def _find(service_code: str, on: date) -> VersionTerms:
    service = Service.objects.select_related("sector").filter(code=service_code).first()
    if service is None:
        raise NotFound("service_unknown", _("There is no such service. Choose one from the list."))
    if not service.is_open:
        raise Invalid(
            "service_closed",
            _("This service takes no new requests for now. Ask the ministry when it opens."),
        )
    version_id = in_force(on).filter(service=service).values_list("id", flat=True).first()
    if version_id is None:
        raise Invalid(
            "version_retired",
            _("This service is not offered on that day: its terms are withdrawn or not yet valid."),
        )
    return _with_names(terms(version_id), service)


def _find_offered(level: str, on: date) -> tuple[VersionTerms, ...]:
    versions = (
        in_force(on)
        .filter(service__level=level, service__is_open=True)
        .select_related("service__sector")
        .order_by("service__sort_order", "service__code")
    )
    services = {version.id: version.service for version in versions}
    _read([version_id for version_id in services if version_id not in _terms])
    return tuple(_with_names(terms(version_id), services[version_id]) for version_id in services)


def _read(version_ids: Iterable[int]) -> list[VersionTerms]:
    rows = (
        ServiceVersion.objects.filter(id__in=list(version_ids))
        .select_related("service__sector", "instrument", "fee_rule__instrument")
        .prefetch_related("stages", "documents", "fee_rule__tiers", "fee_rule__dimensions__values")
    )
    found = []
    for row in rows:
        built = version_terms(row)
        if row.state != VersionState.DRAFT:
            _terms[row.id] = built
        found.append(built)
    return found


def _with_names(kept: VersionTerms, service: Service) -> VersionTerms:
    """Names belong to the service and may be corrected after a version was published."""
    fresh = replace(
        kept,
        name_km=service.name_km,
        name_en=service.name_en,
        sector_id=service.sector_id,
        sector_code=service.sector.code,
        sector_name_km=service.sector.name_km,
        sector_name_en=service.sector.name_en,
    )
    if fresh == kept:
        return kept
    _terms[kept.id] = fresh
    return fresh
