"""Choosing a password: the rules of NIST SP 800-63B, and who has to choose a new one."""

import secrets
import unicodedata

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.models import User
from owso.accounts.trail import note
from owso.audit.actions import Doer, record
from owso.errors import Invalid

_GROUPS, _LETTERS = 4, "abcdefghjkmnpqrstuvwxyz23456789"


def as_typed(password: str) -> str:
    """Return a password in one spelling, however the keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password).replace("\x00", "")


def change_password(user: User, *, current: str, new: str, again: str, address: str) -> None:
    """Give one's own account a new password; every other session of it ends by that.

    Raises Invalid, by field, when the present one is wrong, or when the new one breaks a rule
    or was typed differently the second time.
    """
    if again != new:
        text = _("The two new passwords differ. Type them again.")
        raise Invalid("passwords_differ", text, fields={"again": text})
    if not user.check_password(as_typed(current)):
        raise Invalid(
            "password_wrong",
            _("This is not your present password."),
            fields={"current": _("This is not your present password. Type it again.")},
        )
    if as_typed(new) == as_typed(current):
        text = _("Choose another password than the present one.")
        raise Invalid("password_same", text, fields={"new": text})
    _check(user, new)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.set_password(as_typed(new))
        locked.must_change_password = False
        locked.save(update_fields=["password", "must_change_password"])
        note("password_changed", locked, address)
    user.password, user.must_change_password = locked.password, False


def give_password(user: User, *, by: Doer, password: str = "", reason: str = "") -> str:
    """Give somebody a first password, to be changed at the first sign-in; return it.

    Without one a password is drawn. Every session of the person ends; the person reads the
    reason. Raises Invalid when the password breaks a rule.
    """
    chosen = password or drawn_password()
    _check(user, chosen)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        locked.set_password(as_typed(chosen))
        locked.must_change_password = True
        locked.save(update_fields=["password", "must_change_password"])
        end_sessions(locked)
        record("password_given", locked, by=by, reason=reason)
    return chosen


def end_sessions(user: User, *, except_key: str = "") -> int:
    """End the person's sessions, but the one named; return how many ended."""
    found = Session.objects.filter(open_session__user=user).exclude(session_key=except_key)
    ended = found.count()
    found.delete()
    return ended


def drawn_password() -> str:
    """Draw a password that can be read out and typed: four groups of four."""
    return "-".join(
        "".join(secrets.choice(_LETTERS) for _letter in range(4)) for _group in range(_GROUPS)
    )


def _check(user: User, password: str) -> None:
    try:
        validate_password(as_typed(password), user)
    except ValidationError as error:
        text = " ".join(error.messages)
        raise Invalid("password_weak", text, fields={"new": text}) from error
