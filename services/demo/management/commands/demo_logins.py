"""Prints where the demo can be tried, with whose account."""

import argparse
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from services.demo.staff import MINISTRY, PASSWORD, SECRET, code_of_now
from services.offices.models import Office, OfficeKind, StaffRole
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.requests.states import State
from tenants.context import in_province, province_by_code
from tenants.models import Province

SHOWCASE = ("12", "02", "01")
"""Phnom Penh, Battambang, Banteay Meanchey."""
SHOWN_STATES = (State.IN_PROGRESS, State.WAITING, State.READY, State.DELIVERED)
WIDTH = 27


class Command(BaseCommand):
    """Print addresses, user names by role, how they sign in, and tracking codes to try."""

    help = "Print the demo's addresses and log-ins, and some tracking codes."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the choices to print the tracking codes, or the second step of now, alone."""
        parser.add_argument("--only-codes", action="store_true")
        parser.add_argument("--second-step", action="store_true")

    def handle(self, **options: Any) -> None:
        """Print the table."""
        if not settings.IS_DEMO:
            raise CommandError("This installation is not a demo (OWSO_DEMO is not set).")
        if options["second_step"]:
            self.stdout.write(code_of_now())
            return
        provinces = [found for code in SHOWCASE if (found := province_by_code(code))]
        if not options["only_codes"]:
            self._print_logins(provinces)
        self.stdout.write("")
        for line in _codes(provinces):
            self.stdout.write(line)

    def _print_logins(self, provinces: list[Province]) -> None:
        public = settings.PUBLIC_URL.rstrip("/")
        self._row("Citizens: follow a request", f"{public}/")
        self._row("Ministry: national page", f"{public}/national/   {', '.join(MINISTRY)}")
        for province in provinces:
            host = public.replace("://", f"://{province.slug}.", 1)
            self.stdout.write("")
            self._row(f"{province.code} {province.name_en}", f"{host}/")
            with in_province(province):
                for left, *names in _accounts():
                    self._row(f"   {left}", "".join(f"{name:<{WIDTH}}" for name in names).rstrip())
        self.stdout.write("")
        self._row("Password of all of them", PASSWORD)
        self._row("Second step, if asked", f"{code_of_now()}   new every half minute:")
        self._row("", "python3 run.py manage demo_logins --second-step")
        self._row("   or an application with", SECRET)

    def _row(self, left: str, right: str) -> None:
        self.stdout.write(f"  {left:<{WIDTH}} {right}")


def _accounts() -> Iterator[tuple[str, ...]]:
    """Give the offices shown, then each role with who has it there."""
    offices = [
        office
        for kind in (OfficeKind.UNIT, OfficeKind.DISTRICT)
        if (office := Office.objects.filter(kind=kind).order_by("sort_order", "code").first())
    ]
    yield ("", *(office.name_en for office in offices))
    who: dict[str, dict[int, list[str]]] = {}
    rows = StaffRole.objects.filter(office__in=offices).order_by("user_id", "id")
    for name, role, office_id in rows.values_list("user__username", "role", "office_id"):
        accounts = who.setdefault(role, {}).setdefault(office_id, [])
        if name not in accounts:  # an agent holds the role once for each sector
            accounts.append(name)
    for role, names in who.items():
        yield (role.replace("_", " "), *(" ".join(names.get(office.pk, ())) for office in offices))


def _codes(provinces: list[Province]) -> Iterator[str]:
    """Give a tracking code in each telling state, as they are printed on slips."""
    for province in provinces:
        with in_province(province):
            for state in SHOWN_STATES:
                found = ServiceRequest.objects.filter(state=state).order_by("-id").first()
                if found is not None:
                    code = format_code(found.tracking_code)
                    yield f"  {province.name_en:<18} {code:<18} {state.value.replace('_', ' ')}"
