"""Demo accounts: a full staff at the unit and the first offices, three people elsewhere.

All share one published password and, where a role asks for a second step, one published secret of
an authenticator application, so they are only made where the installation says that it is a demo
(`OWSO_DEMO`). They sign in by the very pages that everybody does.
"""

import base64
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.models import MinistryGrant, User
from owso.accounts.permissions import Role, needs_second_step
from owso.errors import NotAllowed
from services.catalogue.models import Sector
from services.demo import names
from services.offices.models import Office, OfficeKind, StaffRole
from tenants.context import as_national, current_province

PASSWORD = "try-one-window"  # noqa: S105 - published on purpose, see above
SECRET = base64.b32encode(hashlib.sha256(PASSWORD.encode()).digest()[:20]).decode()
"""What every demo account's authenticator application knows, derived from the password."""
PERIOD_SECONDS = 30
FULLY_STAFFED_DISTRICTS = 3
AGENTS = 3
MINISTRY = ("minister", "inspector")
OFFICERS, MONEY = Role.INFORMATION_OFFICER, Role.CASHIER

_FULL: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("front", (OFFICERS,)),
    ("front2", (OFFICERS,)),
    ("cashier", (MONEY,)),
    *((f"agent{number}", (Role.AGENT,)) for number in range(1, AGENTS + 1)),
    ("specialist", (Role.SPECIALIST,)),
    ("chief", (Role.CHIEF,)),
    ("signatory", (Role.SIGNATORY,)),
)
_SMALL: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("front", (OFFICERS, MONEY)),
    ("agent1", (Role.AGENT, Role.SPECIALIST)),
    ("chief", (Role.CHIEF, Role.SIGNATORY)),
)
_UNIT_ONLY: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("admin", (Role.ADMINISTRATOR,)),
    ("ombudsman", (Role.OMBUDSMAN,)),
)


@dataclass(frozen=True, slots=True)
class Post:
    """One demo account of an office: its user name and what it does there."""

    username: str
    office_id: int
    roles: tuple[Role, ...]
    sector_ids: tuple[int, ...]


def check_demo() -> None:
    """Raise NotAllowed unless this installation is a demo."""
    if not settings.IS_DEMO:
        raise NotAllowed(
            "not_a_demo",
            _("Demo accounts have a published password. Set OWSO_DEMO=1 to make them here."),
        )


def demo_password() -> str:
    """Return the hash of the demo password; slow on purpose, so make it once a run."""
    check_demo()
    return make_password(PASSWORD)


def staff_province(password: str) -> int:
    """Make the demo accounts of the current province that are missing; return how many there are.

    `password` is the hash from `demo_password`.
    """
    check_demo()
    posts = list(posts_of(list(Office.objects.order_by("sort_order", "code"))))
    rng = Random(f"staff {current_province().code}")  # noqa: S311 - invents names
    with transaction.atomic():
        User.objects.bulk_create(
            [_account(post.username, password, rng) for post in posts], ignore_conflicts=True
        )
        ids = dict(User.objects.values_list("username", "id"))
        rows = [row for post in posts for row in _roles(post, ids[post.username])]
        StaffRole.objects.bulk_create(rows, ignore_conflicts=True)
        _second_steps([ids[post.username] for post in posts if needs_second_step(post.roles)])
    return len(posts)


def staff_ministry(password: str) -> int:
    """Make the ministry's demo accounts that are missing; return how many there are."""
    check_demo()
    rng = Random("staff of the ministry")  # noqa: S311 - invents names
    with as_national(), transaction.atomic():
        User.objects.bulk_create(
            [_account(name, password, rng) for name in MINISTRY], ignore_conflicts=True
        )
        for user in User.objects.filter(username__in=MINISTRY):
            MinistryGrant.objects.get_or_create(user=user, role=Role.MINISTRY_VIEWER)
            _second_steps([user.pk])
    return len(MINISTRY)


def code_of_now() -> str:
    """Return the second step of every demo account in this half minute; each takes it once."""
    check_demo()
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // PERIOD_SECONDS)))


def _second_steps(user_ids: Sequence[int]) -> None:
    """Give accounts the application with the published secret; who has one keeps it."""
    kind = Authenticator.Type.TOTP
    have = set(
        Authenticator.objects.filter(user__in=user_ids, type=kind).values_list("user_id", flat=True)
    )
    Authenticator.objects.bulk_create(
        [
            Authenticator(user_id=user_id, type=kind, data={"secret": encrypt(SECRET)})
            for user_id in user_ids
            if user_id not in have
        ]
    )


def posts_of(offices: Sequence[Office]) -> Iterator[Post]:
    """Give the demo accounts for the offices of a province, in their order."""
    sectors = list(Sector.objects.order_by("sort_order", "code").values_list("id", flat=True))
    districts_left = FULLY_STAFFED_DISTRICTS
    for office in offices:
        is_unit = office.kind == OfficeKind.UNIT
        is_full = is_unit or districts_left > 0
        districts_left -= not is_unit
        team = (*(_FULL if is_full else _SMALL), *(_UNIT_ONLY if is_unit else ()))
        for place, roles in team:
            name = place if is_unit else f"{place}.{office.code}"
            yield Post(name, office.pk, roles, _sectors_of(place, roles, sectors, is_full=is_full))


def _sectors_of(
    place: str, roles: Sequence[Role], sectors: Sequence[int], *, is_full: bool
) -> tuple[int, ...]:
    """Share the sectors among the agents of a full office; a small one has one for all."""
    if Role.AGENT not in roles:
        return ()
    if not is_full:
        return tuple(sectors)
    return tuple(sectors[int(place.removeprefix("agent")) - 1 :: AGENTS])


def _roles(post: Post, user_id: int) -> Iterator[StaffRole]:
    for role in post.roles:
        for sector_id in post.sector_ids if role == Role.AGENT else (None,):
            yield StaffRole(
                user_id=user_id, role=role, office_id=post.office_id, sector_id=sector_id
            )


def _account(username: str, password: str, rng: Random) -> User:
    person = names.invent(rng)
    return User(
        username=username,
        password=password,
        full_name_km=person.name_km,
        full_name_en=person.name_en,
        sex=person.sex,
    )
