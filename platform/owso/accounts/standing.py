"""What an account is in the schema of this moment: its roles, and what they ask of it."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.module_loading import import_string

from owso.accounts.models import User
from owso.accounts.permissions import needs_second_step
from owso.database.access import current
from owso.database.base import PUBLIC_SCHEMA

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@lru_cache(maxsize=1)
def _province_roles() -> Callable[[int], Iterable[str]]:
    found: Callable[[int], Iterable[str]] = import_string(settings.PROVINCE_ROLES)
    return found


@lru_cache(maxsize=1)
def _listeners() -> tuple[Callable[[User, str], None], ...]:
    return tuple(import_string(path) for path in settings.AFTER_FULL_SIGN_IN)


def is_at_the_ministry() -> bool:
    """Tell whether the accounts of this moment are the ministry's."""
    return bool(current().schema_name == PUBLIC_SCHEMA)


def roles_of(user: User) -> frozenset[str]:
    """Return the names of all roles that a person holds here, at whatever office."""
    if is_at_the_ministry():
        return frozenset(user.ministry_grants.values_list("role", flat=True))
    return frozenset(_province_roles()(user.pk))


def must_have_second_step(user: User) -> bool:
    """Tell whether a role of this person asks for a second step at sign-in."""
    return needs_second_step(roles_of(user))


def has_second_step(user: User) -> bool:
    """Tell whether this account is asked for a second step; recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exists())


def lacks_second_step(user: User) -> bool:
    """Tell whether a role asks for a second step that is not set up."""
    return must_have_second_step(user) and not has_second_step(user)


def is_set_up(user: User) -> bool:
    """Tell whether nothing stands between this account and its work."""
    return not user.must_change_password and not lacks_second_step(user)


def tell_of_full_sign_in(user: User, device: str) -> None:
    """Let the offices' part know; `device` is the computer's cookie, empty without one."""
    if not is_at_the_ministry():
        for listener in _listeners():
            listener(user, device)
