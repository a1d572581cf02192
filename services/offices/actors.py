"""Who acts: a member of staff with roles at offices, or the system itself."""

import json
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_lazy as _
from psycopg import sql

from owso.accounts.models import User
from owso.accounts.permissions import TABLE, Role, Verb
from owso.database.access import current
from owso.database.prepared import ask
from owso.errors import NotAllowed

_GRANTS = sql.SQL(
    "SELECT json_agg(json_build_array(role, office_id, sector_id))::text FROM {} WHERE user_id = $1"
)
PROVINCE_WIDE = frozenset({Role.ADMINISTRATOR, Role.OMBUDSMAN})
"""Roles that are held at one office and reach every office of the province."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role at one office; `sector_id` None means every sector."""

    role: Role
    office_id: int
    sector_id: int | None = None

    def covers(self, *, office_id: int, sector_id: int | None) -> bool:
        """Say whether this grant reaches that office and sector (None: any sector)."""
        if self.office_id != office_id and self.role not in PROVINCE_WIDE:
            return False
        return None in (self.sector_id, sector_id) or self.sector_id == sector_id


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts in one province; passed to every action as `by`."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    is_system: bool = False
    address: str = ""

    def may(self, verb: Verb, *, office_id: int, sector_id: int | None = None) -> bool:
        """Say whether this actor may do that at the office, for the sector if one is named."""
        return self.is_system or any(
            verb in TABLE[grant.role] and grant.covers(office_id=office_id, sector_id=sector_id)
            for grant in self.grants
        )

    def require(self, verb: Verb, *, office_id: int, sector_id: int | None = None) -> None:
        """Raise NotAllowed unless this actor may do that at the office."""
        if not self.may(verb, office_id=office_id, sector_id=sector_id):
            raise NotAllowed(
                "not_allowed",
                _("Your role at this office does not allow this. Ask the office chief."),
                verb=str(verb),
            )

    def holds(self, role: str, *, office_id: int, sector_id: int | None = None) -> bool:
        """Say whether this actor has that very role at the office, for the sector."""
        return self.is_system or any(
            grant.role == role and grant.covers(office_id=office_id, sector_id=sector_id)
            for grant in self.grants
        )


def actor_of(user: User, *, address: str = "") -> Actor:
    """Return the actor a signed-in user is, with all roles held; one query."""
    found = json.loads(ask(_grants(current().schema_name), str(user.pk)) or b"[]")
    grants = tuple(Grant(Role(role), *where) for role, *where in found)
    return Actor(user_id=user.pk, name=user.full_name_km, grants=grants, address=address)


@lru_cache(maxsize=100)
def _grants(schema_name: str) -> bytes:
    return _GRANTS.format(sql.Identifier(schema_name, "offices_staffrole")).as_bytes(None)


def system_actor(name: str) -> Actor:
    """Return the system acting by itself, such as a register import; it may do everything."""
    return Actor(user_id=None, name=name, is_system=True)
