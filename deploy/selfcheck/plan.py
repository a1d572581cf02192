"""What the script knows of the installation before it begins: who works where, and the services."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.selfcheck.browser import Keys


@dataclass(frozen=True)
class ServicePlan:
    """A service of the unit: its fee for one, and the roles of its stages in order."""

    code: str
    amount_riel: int
    takes_quantity: bool
    roles: tuple[str, ...]


@dataclass(frozen=True)
class ProvincePlan:
    """A province: its host, its unit and a district office."""

    code: str
    schema: str
    host: str
    unit: str
    district: str


@dataclass(frozen=True)
class Plan:
    """Everything the day is played with; the same keys for all throw-away accounts."""

    keys: Keys
    public_host: str
    provinces: tuple[ProvincePlan, ...]
    services: tuple[ServicePlan, ...]
    # What the outside roles may read of a province's schema.
    open_to_portal: frozenset[str]
    open_to_ministry: frozenset[str]

    @classmethod
    def read(cls, found: Mapping[str, Any], *, keys: Keys) -> "Plan":
        """Build the plan from what the hiring program printed."""
        return cls(
            keys=keys,
            public_host=found["public_host"],
            provinces=tuple(ProvincePlan(**row) for row in found["provinces"]),
            services=tuple(
                ServicePlan(**{**row, "roles": tuple(row["roles"])}) for row in found["services"]
            ),
            open_to_portal=frozenset(found["open_to_portal"]),
            open_to_ministry=frozenset(found["open_to_ministry"]),
        )
