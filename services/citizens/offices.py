"""The offices of a province as anybody may know them, and how long a service takes there."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

from services.offices.models import OfficeKind
from services.offices.queries import LEVELS
from services.short_cache import ShortCache
from tenants.models import Province

FRESH_SECONDS = 60.0
_OFFICES = sql.SQL(
    "SELECT id, code, kind, district_code, name_km, name_en, address_km, address_en, phone,"
    " office_hours_id, withheld::text FROM {}"
)
_TIMES = (
    "SELECT half_minutes, most_minutes FROM public.usual_time"
    " WHERE province_id = %s AND office_id = %s AND service_id = %s"
)


@dataclass(frozen=True, slots=True)
class PublicOffice:
    """An office that receives requests; `withheld` are the services of its level it lacks."""

    id: int
    code: str
    kind: str
    district_code: str
    name_km: str
    name_en: str
    address_km: str
    address_en: str
    phone: str
    office_hours_id: int
    withheld: frozenset[int]

    def offers(self, service_id: int, level: str) -> bool:
        """Say whether a service of a level may be asked for here."""
        return LEVELS[OfficeKind(self.kind)] == level and service_id not in self.withheld


@dataclass(frozen=True, slots=True)
class UsualTime:
    """How long requests of the last half year took, from registration until they were ready.

    Elapsed minutes: half of them took at most the first, nine in ten at most the second.
    """

    half_minutes: int
    most_minutes: int


_offices: ShortCache[str, tuple[PublicOffice, ...]] = ShortCache(FRESH_SECONDS)
_times: ShortCache[tuple[int, int, int], UsualTime | None] = ShortCache(600.0)


def public_offices(province: Province) -> tuple[PublicOffice, ...]:
    """Return the offices of a province that receive requests, the unit first.

    A change shows after a minute. Works under the portal's role.
    """
    return _offices.get(province.schema_name, lambda: _read(province.schema_name))


def usual_time(province: Province, office: PublicOffice, service_id: int) -> UsualTime | None:
    """Return how long a service took at an office; None when too few were finished to tell.

    The view itself holds back what rests on fewer than ten requests. Kept for ten minutes.
    """
    key = (province.pk, office.id, service_id)
    return _times.get(key, lambda: _time(*key))


def forget_public_offices() -> None:
    """Drop what this process remembers."""
    _offices.clear()
    _times.clear()


def _read(schema_name: str) -> tuple[PublicOffice, ...]:
    view = sql.Identifier(schema_name, "public_office")
    with connection.cursor() as cursor:
        cursor.execute(_OFFICES.format(view).as_string(None))
        return tuple(_office(*row) for row in cursor.fetchall())


def _office(*row: Any) -> PublicOffice:
    columns = [*row[:-1], frozenset(json.loads(row[-1]))]
    return PublicOffice(*columns)


def _time(province_id: int, office_id: int, service_id: int) -> UsualTime | None:
    with connection.cursor() as cursor:
        cursor.execute(_TIMES, [province_id, office_id, service_id])
        row = cursor.fetchone()
    return None if row is None else UsualTime(*row)
