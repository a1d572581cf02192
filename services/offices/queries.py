"""Reads of the offices of the current province, kept in the process for half a minute."""

import time
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid, NotFound
from services.catalogue.kinds import Level
from services.catalogue.queries import offered
from services.catalogue.terms import VersionTerms
from services.offices.models import Office, OfficeKind, StaffRole, WithheldService
from services.short_cache import ShortCache
from tenants import clock
from tenants.context import current_province

CACHE_SECONDS = 30.0
LEVELS = {
    OfficeKind.UNIT: Level.PROVINCE,
    OfficeKind.DISTRICT: Level.DISTRICT,
    OfficeKind.COMMUNE: Level.COMMUNE,
}
_withheld: ShortCache[tuple[str, int], frozenset[int]] = ShortCache(CACHE_SECONDS)
_cache: dict[str, tuple[float, dict[int, "OfficeTerms"]]] = {}


@dataclass(frozen=True, slots=True)
class OfficeTerms:
    """What the actions and pages need to know of an office."""

    id: int
    code: str
    kind: str
    name_km: str
    name_en: str
    address_km: str
    address_en: str
    phone: str
    office_hours_id: int
    is_active: bool


def office(office_id: int) -> OfficeTerms:
    """Return an office of the current province; raise NotFound when there is none."""
    found = _offices().get(office_id) or _offices(is_fresh=True).get(office_id)
    if found is None:
        raise NotFound("office_unknown", _("There is no such office in this province."))
    return found


def office_by_code(code: str) -> OfficeTerms:
    """Return the office with this gazetteer code; raise NotFound when there is none."""
    for is_fresh in (False, True):
        for candidate in _offices(is_fresh=is_fresh).values():
            if candidate.code == code:
                return candidate
    raise NotFound("office_unknown", _("There is no such office in this province."))


def offices() -> tuple[OfficeTerms, ...]:
    """Return the active offices of the current province in their order, the unit first."""
    return tuple(each for each in _offices().values() if each.is_active)


def all_offices() -> tuple[OfficeTerms, ...]:
    """Return every office of the current province, those that ended too, the unit first."""
    return tuple(_offices(is_fresh=True).values())


def forget_offices() -> None:
    """Drop what this process remembers, after offices were changed."""
    _cache.clear()


def at_level(kind: str, on: date | datetime) -> tuple[VersionTerms, ...]:
    """Return the services in force at offices of this kind on a day, withheld ones too."""
    day = clock.local_day(on) if isinstance(on, datetime) else on
    return offered(LEVELS[OfficeKind(kind)], day)


def offered_at(office_id: int, on: date) -> tuple[VersionTerms, ...]:
    """Return the services an office offers on a day, in catalogue order."""
    services, kept_back = at_level(office(office_id).kind, on), withheld(office_id)
    return tuple(each for each in services if each.service_id not in kept_back)


def withheld(office_id: int) -> frozenset[int]:
    """Return the ids of the services an office does not offer; known after half a minute."""
    return _withheld.get((current_province().schema_name, office_id), lambda: _read(office_id))


def check_offered(office_id: int, service_id: int) -> None:
    """Raise Invalid when an office does not offer a service; asks the database once a while."""
    if service_id in withheld(office_id):
        message = _("This office does not offer this service now. Choose another one.")
        raise Invalid("service_not_offered", message, fields={"service": message})


def forget_services() -> None:
    """Drop what this process remembers of withheld services."""
    _withheld.clear()


def _read(office_id: int) -> frozenset[int]:
    rows = WithheldService.objects.filter(office_id=office_id)
    return frozenset(rows.values_list("service_id", flat=True))


def _offices(*, is_fresh: bool = False) -> dict[int, OfficeTerms]:
    schema_name = current_province().schema_name
    kept_until, found = _cache.get(schema_name, (0.0, {}))
    if is_fresh or kept_until < time.monotonic():
        found = {row.id: row for row in _rows()}
        _cache[schema_name] = (time.monotonic() + CACHE_SECONDS, found)
    return found


def _rows() -> list[OfficeTerms]:
    names = OfficeTerms.__dataclass_fields__
    rows = Office.objects.order_by("sort_order", "code").values_list(*names)
    return [OfficeTerms(*row) for row in rows]


def roles_of(user_id: int) -> list[str]:
    """Return the roles that an account holds at any office of the current province."""
    rows = StaffRole.objects.filter(user_id=user_id).order_by().values_list("role", flat=True)
    return list(rows.distinct())
