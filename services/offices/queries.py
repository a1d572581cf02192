"""Reads of the offices of the current province, kept in the process for half a minute."""

import time
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from owso.errors import NotFound
from services.offices.models import Office, StaffRole
from tenants.context import current_province

CACHE_SECONDS = 30.0
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


def forget_offices() -> None:
    """Drop what this process remembers, after offices were changed."""
    _cache.clear()


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
