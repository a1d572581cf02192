"""Letting somebody in again, or out: a new password, ended sessions, second steps, the account.

Each needs a reason, which the person reads at the next sign-in. Nobody does this to oneself,
and nobody to a person beyond one's reach, who is not there at all.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts import passwords
from owso.accounts.factors import reset_factors
from owso.accounts.models import User
from owso.audit.actions import record
from owso.errors import Conflict, Invalid, NotFound
from services.offices.actions.accounts import (
    keep_an_administrator,
    locked_account,
    require_administrator,
)
from services.offices.actors import Actor
from services.offices.people import people_in_reach
from services.printable import has_control_characters

REASON_LENGTH = 200


@transaction.atomic
def give_new_password(user_id: int, *, reason: str, by: Actor) -> str:
    """Give somebody a password for one sign-in and end their sessions; return it.

    Nobody keeps it. A second step stays as it is, so that a chief who gives a password to a
    person with money cannot come in as that person. Raises Invalid without a reason, NotFound
    for somebody beyond reach, Conflict for oneself.
    """
    user, why = _another(user_id, by), _reason(reason)
    return passwords.give_password(user, by=by, reason=why)


@transaction.atomic
def end_sessions_of(user_id: int, *, reason: str, by: Actor) -> int:
    """End every session of somebody, wherever it was left open; return how many ended.

    Raises as `give_new_password` does.
    """
    user, why = _another(user_id, by), _reason(reason)
    count = passwords.end_sessions(user)
    record("sessions_ended_by", user, by=by, reason=why, count=count)
    return count


@transaction.atomic
def reset_second_step(user_id: int, *, reason: str, by: Actor) -> None:
    """Take all second steps off the account of somebody who lost them, and end their sessions.

    For administrators only: with it and a new password one could come in as the person.
    Raises NotAllowed for others, and else as `give_new_password` does.
    """
    require_administrator(by)
    user, why = _another(user_id, by), _reason(reason)
    passwords.end_sessions(user)
    reset_factors(user, by=by, reason=why)


@transaction.atomic
def lock_out(user_id: int, *, reason: str, by: Actor) -> User:
    """Close an account; what the person did stays, and open sessions end at once.

    Raises Conflict for oneself and for the last administrator, else as `give_new_password` does.
    """
    require_administrator(by)
    keep_an_administrator(without_user=user_id)
    user, why = _another(user_id, by), _reason(reason)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        passwords.end_sessions(user)
        record("lock_out", user, by=by, reason=why)
    return user


@transaction.atomic
def let_back_in(user_id: int, *, reason: str, by: Actor) -> User:
    """Open a closed account again, with the roles it had; raises as `give_new_password` does."""
    require_administrator(by)
    user, why = _another(user_id, by), _reason(reason)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record("let_back_in", user, by=by, reason=why)
    return user


def _another(user_id: int, by: Actor) -> User:
    """Hold the account of somebody else within reach."""
    if user_id == by.user_id:
        raise Conflict(
            "own_account",
            _("This is your own account. Ask another administrator, or open “My sign-in”."),
        )
    user = locked_account(user_id)
    if not people_in_reach(by).filter(pk=user_id).exists():
        raise NotFound
    return user


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        message = _("Write the reason. The person reads it at the next sign-in.")
        raise Invalid("reason_missing", message, fields={"reason": message})
    if len(reason) > REASON_LENGTH or has_control_characters(reason):
        message = _("This text is too long or cannot be printed. Correct it.")
        raise Invalid("reason_invalid", message, fields={"reason": message})
    return reason
