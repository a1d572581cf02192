"""The accounts of a province's staff and the roles they hold.

There is no everlasting superuser, and a province never loses its last administrator.
"""

import re
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.models import User
from owso.accounts.passwords import drawn_password
from owso.accounts.permissions import Role, Verb
from owso.audit.actions import record
from owso.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from services.catalogue.models import Sector
from services.offices.actors import Actor
from services.offices.models import Office, StaffRole
from services.printable import has_control_characters

STAFF_ROLES = tuple(role for role in Role if not role.startswith("ministry"))
SECTOR_ROLES = frozenset({Role.AGENT, Role.SPECIALIST})
"""Roles that may be limited to one sector; an agent's always is."""
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,59}")
_NAME_LENGTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who the account is for."""

    username: str
    full_name_km: str
    full_name_en: str = ""
    sex: str = ""


def add_person(person: Person, *, by: Actor) -> tuple[User, str]:
    """Make an account without roles; return it with its first password.

    Nobody keeps that password, and the person replaces it at the first sign-in.
    """
    require_administrator(by)
    values = _cleaned(person)
    password = drawn_password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(values.pop("username"), password, **values)
            user.must_change_password = True
            user.save(update_fields=["must_change_password"])
            record("add_person", user, by=by, username=user.username)
    except IntegrityError as error:
        message = _("This user name is taken. Choose another one.")
        raise Invalid("username_taken", message, fields={"username": message}) from error
    return user, password


def give_role(
    user_id: int, role: str, *, office_id: int, sector_id: int | None = None, by: Actor
) -> StaffRole:
    """Give somebody a role at an office; one given before stays as it is."""
    require_administrator(by)
    sector = _checked_sector(role, office_id, sector_id)
    with transaction.atomic():
        user = locked_account(user_id)
        row, is_new = StaffRole.objects.get_or_create(
            user=user, role=role, office_id=office_id, sector=sector
        )
        if is_new:
            record("give_role", user, by=by, role=role, office=office_id, sector=sector_id)
    return row


def take_role(role_id: int, *, by: Actor) -> None:
    """Take a role away; the last administrator of a province keeps theirs."""
    require_administrator(by)
    with transaction.atomic():
        keep_an_administrator(without_role=role_id)
        row = StaffRole.objects.select_related("user").filter(pk=role_id).first()
        if row is None:
            return
        where = {"office": row.office_id, "sector": row.sector_id}
        record("take_role", row.user, by=by, role=row.role, **where)
        row.delete()


def require_administrator(by: Actor) -> None:
    """Refuse whoever does not manage the whole province."""
    if not (by.is_system or any(grant.role == Role.ADMINISTRATOR for grant in by.grants)):
        raise NotAllowed(
            "not_allowed",
            _("Your role at this office does not allow this. Ask the office chief."),
            verb=str(Verb.MANAGE_OFFICES),
        )


def keep_an_administrator(
    *, without_user: int | None = None, without_role: int | None = None
) -> None:
    """Lock all administrators' roles, so that two cannot take each other's at once."""
    rows = list(
        StaffRole.objects.select_for_update(of=("self",))
        .filter(role=Role.ADMINISTRATOR, user__is_active=True)
        .order_by("pk")
    )
    left = [row for row in rows if row.user_id != without_user and row.pk != without_role]
    if rows and not left:
        raise Conflict(
            "last_administrator",
            _("This is the last administrator of the province. Name another one first."),
        )


def locked_account(user_id: int) -> User:
    """Return an account and hold it; raise NotFound when there is none."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def _checked_sector(role: str, office_id: int, sector_id: int | None) -> Sector | None:
    sector = None if sector_id is None else Sector.objects.filter(pk=sector_id).first()
    wrong: dict[str, Message] = {}
    if role not in STAFF_ROLES:
        wrong["role"] = _("Choose one of the roles in the list.")
    if not Office.objects.filter(pk=office_id).exists():
        wrong["office"] = _("There is no such office in this province.")
    if role == Role.AGENT and sector_id is None:
        wrong["sector"] = _("An agent works for one sector. Choose it.")
    elif sector_id is not None and role not in SECTOR_ROLES:
        wrong["sector"] = _("This role is for every sector. Leave the sector open.")
    elif sector_id is not None and sector is None:
        wrong["sector"] = _("Choose one of the sectors in the list.")
    if wrong:
        raise Invalid("role_invalid", next(iter(wrong.values())), fields=wrong)
    return sector


def _cleaned(person: Person) -> dict[str, str]:
    values = {
        "username": person.username.strip().lower(),
        "full_name_km": " ".join(person.full_name_km.split()),
        "full_name_en": " ".join(person.full_name_en.split()),
        "sex": person.sex,
    }
    wrong: dict[str, Message] = {}
    if not _USERNAME.fullmatch(values["username"]):
        wrong["username"] = _(
            "Use three to sixty small Latin letters, digits, dots or dashes; begin with a letter."
        )
    if not values["full_name_km"]:
        wrong["full_name_km"] = _("Enter a name.")
    for name in ("full_name_km", "full_name_en"):
        if len(values[name]) > _NAME_LENGTH or has_control_characters(values[name]):
            wrong[name] = _("This text is too long or cannot be printed. Correct it.")
    if values["sex"] not in {"", *User.Sex.values}:
        wrong["sex"] = _("Choose one of the answers in the list.")
    if wrong:
        raise Invalid(
            "person_invalid",
            _("Some of what was entered cannot be accepted. Correct the marked fields."),
            fields=wrong,
        )
    return values
