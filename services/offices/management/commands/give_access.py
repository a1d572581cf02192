"""Gives a province or the ministry its first administrator, or lets a lost one in again."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from owso.accounts.factors import reset_factors
from owso.accounts.models import MinistryGrant, User
from owso.accounts.passwords import drawn_password, give_password
from owso.accounts.permissions import Role
from services.offices.actors import system_actor
from services.offices.models import Office, OfficeKind, StaffRole
from tenants.context import as_national, in_province, province_by_code

MINISTRY = "ministry"


class Command(BaseCommand):
    """Make an administrator's account, or give it a new password and no second step.

    The password is printed once and must be changed at the first sign-in, where the second step
    is set up as well.
    """

    help = (
        "Give an administrator of a province (or of the ministry) access, the first or a new one."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Ask where, and under which names."""
        parser.add_argument("place", help="two-digit code of the province, or: ministry")
        parser.add_argument("username")
        parser.add_argument("--name-km", default="", help="full name in Khmer, for a new account")
        parser.add_argument("--name-en", default="", help="full name in Latin letters")

    def handle(self, *, place: str, username: str, **names: Any) -> None:
        """Do it in the schema of the place and print the password."""
        given = {"full_name_km": names["name_km"], "full_name_en": names["name_en"]}
        if place == MINISTRY:
            with as_national(), transaction.atomic():
                password = self._access(username, given)
                user = User.objects.get(username=username)
                MinistryGrant.objects.get_or_create(user=user, role=Role.MINISTRY_ADMIN)
        else:
            province = province_by_code(place)
            if province is None:
                raise CommandError(f"There is no province {place}.")
            with in_province(province), transaction.atomic():
                password = self._access(username, given)
                _make_administrator(User.objects.get(username=username))
        self.stdout.write(f"User name: {username}\nPassword:  {password}\n")
        self.stdout.write("It must be changed at the first sign-in.\n")

    def _access(self, username: str, given: dict[str, str]) -> str:
        user = User.objects.filter(username=username).first()
        if user is None:
            if not given["full_name_km"]:
                raise CommandError("Name the new account's person: --name-km.")
            user = User.objects.create_user(username, drawn_password(), **given)
        by = system_actor("give_access")
        reset_factors(user, by=by)
        return give_password(user, by=by)


def _make_administrator(user: User) -> None:
    unit = Office.objects.get(kind=OfficeKind.UNIT)
    StaffRole.objects.get_or_create(user=user, role=Role.ADMINISTRATOR, office=unit)
