"""Second steps of an account: codes of an application, passkeys, and recovery codes.

django-allauth keeps and checks them; here stand the rules it leaves to a project: a code counts
once, the role that needs a second step keeps one, and each change is recorded.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from owso.accounts.models import User
from owso.accounts.standing import SECOND_STEPS, has_second_step, must_have_second_step
from owso.accounts.trail import note
from owso.audit.actions import Doer, record
from owso.errors import Invalid, NotAllowed

Kind = Authenticator.Type
_COUNTER = "used_counter"
_TRANSLATED_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789")


@dataclass(frozen=True, slots=True)
class Factor:
    """One second step as its owner sees it."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None


def kinds_of(user: User) -> frozenset[str]:
    """Return which kinds of step the account has."""
    return frozenset(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def factors_of(user: User, kind: str) -> list[Factor]:
    """Return the account's steps of one kind, the oldest first."""
    return [
        Factor(row.pk, str(row.data.get("name", "")), row.created_at, row.last_used_at)
        for row in Authenticator.objects.filter(user=user, type=kind).order_by("id")
    ]


def digits_of(typed: str) -> str:
    """Return a code as it was meant: no spaces, Khmer digits read as Arabic."""
    return "".join(typed.translate(_TRANSLATED_DIGITS).split())


@transaction.atomic
def use_code(user: User, typed: str) -> str:
    """Take a code of the application or a recovery code; return its kind, empty if it is wrong.

    Each counts once (RFC 6238, section 5.2): the rows are locked, so that of two who send the
    same code at the same moment one is refused.
    """
    code = digits_of(typed)
    rows = Authenticator.objects.select_for_update().filter(user=user).order_by("id")
    for row in rows.exclude(type=Kind.WEBAUTHN):
        is_right = _fits(row, code) if row.type == Kind.TOTP else row.wrap().validate_code(code)
        if is_right:
            Authenticator.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
            return str(row.type)
    return ""


def _fits(row: Authenticator, code: str) -> bool:
    """Find the step of time a code belongs to; an earlier or a used one does not count."""
    counter = counter_of(decrypt(row.data["secret"]), code)
    if counter is None or counter <= row.data.get(_COUNTER, -1):
        return False
    row.data[_COUNTER] = counter
    row.save(update_fields=["data"])
    return True


def counter_of(secret: str, code: str) -> int | None:
    """Return the step of time to which a code of this secret belongs, None if to none near now."""
    for counter in totp.yield_hotp_counters_from_time():
        if totp.format_hotp_value(totp.hotp_value(secret, counter)) == code:
            return int(counter)
    return None


@transaction.atomic
def add_application(user: User, secret: str, typed: str, *, address: str) -> None:
    """Take an authenticator application as second step, shown to work by its first code.

    Raises Invalid when the code does not fit, or when there is one already.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if Authenticator.objects.filter(user=user, type=Kind.TOTP).exists():
        raise Invalid("application_exists", _("You have an application already. Remove it first."))
    counter = counter_of(secret, digits_of(typed))
    if counter is None:
        raise Invalid(
            "code_wrong",
            _("This code does not fit. Check the clock of your phone, then type the newest code."),
        )
    row = totp.TOTP.activate(user, secret).instance
    row.data[_COUNTER] = counter
    row.save(update_fields=["data"])
    note("second_step_added", user, address, kind=str(Kind.TOTP))
    _give_recovery_codes(user)


@transaction.atomic
def note_passkey(user: User, *, address: str) -> None:
    """Record a passkey that was just added, and give recovery codes with the first step."""
    note("second_step_added", user, address, kind=str(Kind.WEBAUTHN))
    _give_recovery_codes(user)


def _give_recovery_codes(user: User) -> None:
    RecoveryCodes.activate(user)


@transaction.atomic
def remove_factor(user: User, factor_id: int, *, address: str) -> None:
    """Take one second step off the account.

    Raises NotAllowed when it is the last one and a role needs one. A number that is not the
    person's own is passed over: it is gone already.
    """
    User.objects.select_for_update().get(pk=user.pk)
    steps = Authenticator.objects.filter(user=user, type__in=SECOND_STEPS)
    row = steps.filter(pk=factor_id).first()
    if row is None:
        return
    is_last = steps.count() == 1
    if is_last and must_have_second_step(user):
        raise NotAllowed(
            "second_step_needed",
            _("Your role needs a second step. Add another one before you remove this one."),
        )
    row.delete()
    if is_last:
        Authenticator.objects.filter(user=user).delete()
    note("second_step_removed", user, address, kind=str(row.type))


@transaction.atomic
def reset_factors(user: User, *, by: Doer, reason: str = "") -> None:
    """Take every second step off somebody's account who has lost them all.

    At the next sign-in a role that needs one leads to setting one up; the person reads the
    reason.
    """
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user).delete()
    record("second_step_reset", user, by=by, reason=reason)


def recovery_codes(user: User) -> list[str]:
    """Return the recovery codes that are left."""
    row = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    return [] if row is None else list(RecoveryCodes(row).get_unused_codes())


@transaction.atomic
def renew_recovery_codes(user: User, *, address: str) -> None:
    """Replace the recovery codes; the old ones open nothing any more.

    Raises NotAllowed for an account without a second step: they stand in for one.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if not has_second_step(user):
        raise NotAllowed(
            "no_second_step", _("Recovery codes stand in for a second step. Set one up first.")
        )
    Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).delete()
    _give_recovery_codes(user)
    note("recovery_codes_renewed", user, address)
