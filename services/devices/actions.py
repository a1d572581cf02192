"""Enrolling a shared computer, setting a PIN there, and coming in by it."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from owso.accounts.factors import digits_of
from owso.accounts.models import User
from owso.accounts.permissions import Verb
from owso.accounts.standing import is_set_up
from owso.accounts.trail import note, note_failure
from owso.audit.actions import record
from owso.errors import Invalid, NotAllowed, NotFound
from services.devices.models import LABEL_LENGTH, WRONG_TRIES, Device, DevicePin
from services.devices.pins import read_pin
from services.devices.queries import SALT, device_of, hashed, open_pins, works_at
from services.offices.actors import Actor
from tenants import clock


def enrol_device(office_id: int, label: str, *, by: Actor) -> tuple[Device, str]:
    """Make this computer a shared one of an office; return it and its cookie.

    Raises NotAllowed for somebody who does not manage the office's computers.
    """
    by.require(Verb.MANAGE_DEVICES, office_id=office_id)
    name = " ".join(label.split())
    if not name or len(name) > LABEL_LENGTH:
        text = _("Give the computer a name of at most 60 letters, for example: Counter 1.")
        raise Invalid("label_invalid", text, fields={"label": text})
    assert by.user_id is not None, "The system enrols no computer."
    key = secrets.token_urlsafe(32)
    with transaction.atomic():
        device = Device.objects.create(
            office_id=office_id, label=name, key_hash=hashed(key), enrolled_by_id=by.user_id
        )
        record("device_enrolled", device, by=by, office=office_id)
    return device, signing.Signer(salt=SALT).sign(f"{device.pk}.{key}")


@transaction.atomic
def remove_device(device_id: int, *, by: Actor) -> None:
    """Let a computer be a shared one no more; its cookie and its PINs open nothing.

    Raises NotFound for a computer that is not there or not at an office of theirs.
    """
    device = Device.objects.select_for_update().filter(pk=device_id, removed_at=None).first()
    if device is None or not by.may(Verb.MANAGE_DEVICES, office_id=device.office_id):
        raise NotFound
    device.removed_at = clock.now()
    device.save(update_fields=["removed_at"])
    device.pins.all().delete()
    record("device_removed", device, by=by, office=device.office_id)


@transaction.atomic
def set_pin(device: Device, user: User, typed: str, again: str, *, by: Actor) -> None:
    """Set one's PIN for a computer, just after a full sign-in there.

    Raises Invalid for a PIN that is easy to guess or typed differently the second time,
    NotAllowed for somebody of another office.
    """
    if not works_at(by, device.office_id):
        raise NotAllowed(
            "other_office",
            _("This computer belongs to an office where you have no role. Ask its chief."),
        )
    if again != typed:
        raise Invalid("pins_differ", _("The two PINs differ. Type them again."))
    pin = read_pin(typed)
    DevicePin.objects.update_or_create(
        device=device,
        user=user,
        defaults={
            "pin_hash": make_password(pin),
            "account_mark": user.get_session_auth_hash(),
            "full_sign_in_at": clock.now(),
            "wrong_tries": 0,
        },
    )
    record("pin_set", device, by=by)


@transaction.atomic
def drop_pin(device: Device, user: User, *, by: Actor) -> None:
    """Take one's own PIN off a computer."""
    device.pins.filter(user=user).delete()
    record("pin_removed", device, by=by)


def renew_pin(user: User, cookie: str) -> None:
    """Let a PIN count again from a full sign-in at its computer, wrong tries forgotten."""
    device = device_of(cookie) if cookie else None
    if device is not None:
        DevicePin.objects.filter(device=device, user=user).update(
            full_sign_in_at=clock.now(), wrong_tries=0, account_mark=user.get_session_auth_hash()
        )


def use_pin(device: Device, user_id: int, typed: str, *, address: str) -> tuple[User, timedelta]:
    """Return whose PIN this is, and for how long the session may last.

    A wrong PIN is counted, and with the fifth only a full sign-in helps: the row is locked, so
    that tries sent together are all counted. Raises Invalid for a wrong PIN, NotAllowed when
    none is taken.
    """
    with transaction.atomic():
        pin = open_pins(device).select_for_update(of=("self",)).filter(user_id=user_id).first()
        if pin is None or not _still_holds(pin):
            raise NotAllowed(
                "pin_closed", _("Your PIN opens nothing now. Sign in with your password.")
            )
        is_right = check_password(digits_of(typed), pin.pin_hash)
        if not is_right:
            pin.wrong_tries += 1
            pin.save(update_fields=["wrong_tries"])
            note_failure(pin.user, address, step="pin", device=device.pk)
        elif pin.wrong_tries:
            pin.wrong_tries = 0
            pin.save(update_fields=["wrong_tries"])
    if not is_right:
        raise Invalid("pin_wrong", _wrong(WRONG_TRIES - pin.wrong_tries))
    ends_at = pin.full_sign_in_at + timedelta(hours=settings.PIN_HOURS)
    return pin.user, ends_at - clock.now()


def lock(user: User, device: Device | None, *, address: str) -> None:
    """Record that somebody locked the computer and went."""
    note("lock", user, address, **({} if device is None else {"device": device.pk}))


def _still_holds(pin: DevicePin) -> bool:
    """Tell whether the account is as it was when the PIN was set or renewed."""
    is_same = constant_time_compare(pin.account_mark, pin.user.get_session_auth_hash())
    return is_same and is_set_up(pin.user)


def _wrong(left: int) -> str:
    if not left:
        return str(_("The PIN is wrong for the fifth time. Sign in with your password."))
    return ngettext(
        "This PIN is wrong. %(left)d try is left.",
        "This PIN is wrong. %(left)d tries are left.",
        left,
    ) % {"left": left}
