"""Changing the catalogue: publishing and retiring versions, opening and closing services."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from owso.audit.actions import Doer, record
from owso.errors import AlreadyDone, Invalid, NotFound
from services.catalogue import queries
from services.catalogue.kinds import VersionState
from services.catalogue.models import FeeTier, Service, ServiceVersion, StageTemplate

ONE_DAY = timedelta(days=1)


@transaction.atomic
def publish_version(version_id: int, *, by: Doer) -> ServiceVersion:
    """Put a draft into force from its first day; the version before it ends the day before.

    From here on it cannot be changed. Raises NotFound, AlreadyDone, or Invalid
    ``version_incomplete`` when it has no stages or no fee.
    """
    version = _locked(version_id)
    if version.state != VersionState.DRAFT:
        raise AlreadyDone("version_published", _("This version is published already."))
    if not _is_complete(version):
        raise Invalid(
            "version_incomplete",
            _("A version needs at least one stage and one fee before it is published."),
        )
    _end_versions_before(version)
    version.state = VersionState.PUBLISHED
    version.save(update_fields=["state"])
    record("publish_version", version, by=by, state=["draft", "published"])
    transaction.on_commit(queries.clear_caches)
    return version


@transaction.atomic
def retire_version(version_id: int, *, by: Doer) -> ServiceVersion:
    """Take a published version out of force; requests registered under it keep it.

    Raises NotFound, or AlreadyDone when it is not in force.
    """
    version = _locked(version_id)
    if version.state != VersionState.PUBLISHED:
        raise AlreadyDone("version_not_published", _("This version is not in force."))
    version.state = VersionState.RETIRED
    version.save(update_fields=["state"])
    record("retire_version", version, by=by, state=["published", "retired"])
    transaction.on_commit(queries.clear_caches)
    return version


@transaction.atomic
def set_service_open(service_code: str, *, is_open: bool, by: Doer) -> Service:
    """Open or close a service for new requests; requests under way go on.

    Raises NotFound with the code ``service_unknown``.
    """
    service = Service.objects.select_for_update().filter(code=service_code).first()
    if service is None:
        raise NotFound("service_unknown", _("There is no such service. Choose one from the list."))
    before = service.is_open
    service.is_open = is_open
    service.save(update_fields=["is_open"])
    record("set_service_open", service, by=by, is_open=[before, is_open])
    transaction.on_commit(queries.clear_caches)
    return service


def _locked(version_id: int) -> ServiceVersion:
    version = ServiceVersion.objects.select_for_update().filter(id=version_id).first()
    if version is None:
        raise NotFound(
            "version_unknown", _("There is no such version of a service. Choose the service again.")
        )
    return version


def _is_complete(version: ServiceVersion) -> bool:
    part_of = {"version_id": OuterRef("id")}
    return ServiceVersion.objects.filter(
        Exists(StageTemplate.objects.filter(**part_of)),
        Exists(FeeTier.objects.filter(**part_of)),
        id=version.id,
    ).exists()


def _end_versions_before(version: ServiceVersion) -> None:
    """Make room: end what began earlier, retire what would begin on or after the first day."""
    published = ServiceVersion.objects.filter(
        service_id=version.service_id, state=VersionState.PUBLISHED
    )
    if version.valid_until is not None:
        published = published.filter(valid_from__lte=version.valid_until)
    first = version.valid_from
    published.filter(valid_from__gte=first).update(state=VersionState.RETIRED)
    published.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=first), valid_from__lt=first
    ).update(valid_until=first - ONE_DAY)
