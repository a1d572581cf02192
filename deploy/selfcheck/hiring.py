"""Gives every province its staff and the ministry a viewer; prints the plan of the day as JSON.

A program of its own, started inside the scratch installation with the rights of the web server.
The pass word of all accounts and the secret of their second step come by standard input.
"""

import json
import sys
from typing import Any

import django

django.setup()

from allauth.mfa.totp.internal.auth import TOTP  # noqa: E402
from django.conf import settings  # noqa: E402 (after the set-up)
from django.contrib.auth.hashers import make_password  # noqa: E402

from owso.accounts.models import MinistryGrant, User  # noqa: E402
from owso.accounts.permissions import Role, needs_second_step  # noqa: E402
from services.catalogue.kinds import Ceiling  # noqa: E402
from services.catalogue.queries import offered  # noqa: E402
from services.catalogue.terms import VersionTerms  # noqa: E402
from services.offices.models import Office, OfficeKind, StaffRole  # noqa: E402
from tenants import clock  # noqa: E402
from tenants.context import as_national, each_province  # noqa: E402
from tenants.models import Domain, Province  # noqa: E402

SERVICES = 6
UNIT_STAFF: dict[str, tuple[Role, ...]] = {
    "reception": (Role.INFORMATION_OFFICER, Role.CASHIER),
    "cashier": (Role.CASHIER,),
    "agent": (Role.AGENT, Role.SPECIALIST),
    "chief": (Role.CHIEF,),
    "signatory": (Role.SIGNATORY,),
}
DISTRICT_STAFF: dict[str, tuple[Role, ...]] = {"district": (Role.CHIEF, Role.INFORMATION_OFFICER)}


def main() -> None:
    """Hire, then print."""
    hashed = make_password(sys.stdin.readline().strip())
    secret = sys.stdin.readline().strip()
    services = _services()
    sectors = sorted({service.sector_id for service in services})
    provinces = [_staffed(province, hashed, secret, sectors) for province in each_province()]
    with as_national():
        viewer = User.objects.create(username="viewer", full_name_km="អ្នកមើល", password=hashed)
        MinistryGrant.objects.create(user=viewer, role=Role.MINISTRY_VIEWER)
        TOTP.activate(viewer, secret)
    plan = {
        "public_host": settings.PUBLIC_HOSTS[0],
        "provinces": provinces,
        "services": [_service(service) for service in services],
        "open_to_portal": settings.PORTAL_RELATIONS,
        "open_to_ministry": settings.NATIONAL_RELATIONS,
    }
    sys.stdout.write(json.dumps(plan) + "\n")


def _services() -> list[VersionTerms]:
    """Services of the units with one exact fee, as different from each other as they come."""
    found = offered("province", clock.today())
    plain = [
        terms
        for terms in found
        if not terms.fee.dimensions and [t.ceiling for t in terms.fee.tiers] == [Ceiling.EXACT]
    ]
    different = {(len(terms.stages), terms.sector_id): terms for terms in plain}
    return list(different.values())[:SERVICES]


def _service(terms: VersionTerms) -> dict[str, Any]:
    return {
        "code": terms.service_code,
        "amount_riel": terms.fee.tiers[0].amount_riel,
        "takes_quantity": terms.fee.takes_quantity,
        "roles": [stage.actor_role for stage in terms.stages],
    }


def _staffed(province: Province, hashed: str, secret: str, sectors: list[int]) -> dict[str, str]:
    unit = Office.objects.get(kind=OfficeKind.UNIT)
    district = Office.objects.filter(kind=OfficeKind.DISTRICT).order_by("sort_order").first()
    assert district is not None
    for office, staff in ((unit, UNIT_STAFF), (district, DISTRICT_STAFF)):
        for username, roles in staff.items():
            user = User.objects.create(username=username, full_name_km=username, password=hashed)
            if needs_second_step(roles):
                TOTP.activate(user, secret)
            StaffRole.objects.bulk_create(
                StaffRole(user=user, role=role, office=office, sector_id=sector_id)
                for role in roles
                for sector_id in (sectors if role == Role.AGENT else [None])
            )
    return {
        "code": province.code,
        "schema": province.schema_name,
        "host": Domain.objects.get(tenant=province, is_primary=True).domain,
        "unit": unit.code,
        "district": district.code,
    }


if __name__ == "__main__":
    main()
