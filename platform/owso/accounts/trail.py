"""Who stands in the audit trail for what happens to an account."""

from dataclasses import dataclass
from typing import Any

from owso.accounts.models import User
from owso.audit.actions import record


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at an address; nobody is known yet while a sign-in fails."""

    user_id: int | None
    name: str
    address: str


def note(verb: str, user: User, address: str, **facts: Any) -> None:
    """Record what a person did with their own account."""
    record(verb, user, by=Person(user.pk, user.full_name_km, address), **facts)


def note_failure(user: User, address: str, **facts: Any) -> None:
    """Record that somebody tried to come in as this person and could not."""
    record("sign_in_failed", user, by=Person(None, "", address), **facts)
