"""Makes a clerk with a session in some provinces and a ministry session; prints them as JSON."""

import json
import os
import sys
from importlib import import_module
from typing import Any

import django

BACKEND = "owso.accounts.backends.AccountBackend"
# A free-standing service with one exact fee, so that the same body can be sent to every unit.
SERVICE = "TRA-P-009"


def session_of(user: Any) -> str:
    """Open a session of somebody in the current schema and return its key."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from owso.accounts.models import OpenSession

    session = import_module("django.contrib.sessions.backends.db").SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    OpenSession.objects.create(session_id=session.session_key, user=user, how=OpenSession.How.FULL)
    return str(session.session_key)


def _clerk(province: Any) -> dict[str, Any]:
    from owso.accounts.models import User
    from owso.accounts.permissions import Role
    from services.catalogue.models import Sector
    from services.offices.models import Office, StaffRole
    from services.requests.models import ServiceRequest

    user, is_new = User.objects.get_or_create(
        username="bench", defaults={"full_name_km": "អ្នកវាស់", "password": "!"}
    )
    unit = Office.objects.filter(kind="unit").get()
    if is_new:
        StaffRole.objects.bulk_create(
            [StaffRole(user=user, role=role, office=unit) for role in _roles(Role)]
            + [
                StaffRole(user=user, role=Role.AGENT, office=unit, sector=sector)
                for sector in Sector.objects.all()
            ]
        )
    waiting = ServiceRequest.objects.filter(office=unit, state="registered").order_by("-id")
    codes = ServiceRequest.objects.order_by("idempotency_key")
    return {
        "host": f"{province.slug}.localhost",
        "session": session_of(user),
        "office": unit.code,
        "waiting": list(waiting.values_list("tracking_code", flat=True)[:400]),
        "codes": list(codes.values_list("tracking_code", flat=True)[:4000]),
    }


def _roles(role: Any) -> list[Any]:
    return [
        role.INFORMATION_OFFICER,
        role.CASHIER,
        role.SPECIALIST,
        role.CHIEF,
        role.SIGNATORY,
    ]


def main() -> None:
    """Work through the provinces named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "owso.settings")
    django.setup()
    from owso.accounts.models import MinistryGrant, User
    from tenants.context import as_national, in_province, province_by_code

    clerks = []
    for code in sys.argv[1:]:
        province = province_by_code(code)
        assert province is not None, code
        with in_province(province):
            clerks.append(_clerk(province))
    with as_national():
        viewer, is_new = User.objects.get_or_create(
            username="bench", defaults={"full_name_km": "អ្នកវាស់", "password": "!"}
        )
        if is_new:
            MinistryGrant.objects.create(user=viewer, role="ministry_viewer")
        ministry = session_of(viewer)
    sys.stdout.write(json.dumps({"clerks": clerks, "ministry": ministry}))


if __name__ == "__main__":
    main()
