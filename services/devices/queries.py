"""Reads of shared computers: which one this is, whose names it shows."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models import F, QuerySet

from owso.accounts.permissions import Verb
from services.devices.models import WRONG_TRIES, Device, DevicePin
from services.offices.actors import PROVINCE_WIDE, Actor
from tenants import clock

SALT = "services.devices"


@dataclass(frozen=True, slots=True)
class Name:
    """A person who may come in by PIN at a computer."""

    user_id: int
    name_km: str
    name_en: str


def device_of(cookie: str) -> Device | None:
    """Return the computer that a cookie belongs to, None for a forged or a removed one."""
    try:
        number, key = signing.Signer(salt=SALT).unsign(cookie).split(".")
    except (signing.BadSignature, ValueError):
        return None
    device = Device.objects.select_related("office").filter(pk=int(number)).first()
    if device is None or device.removed_at is not None:
        return None
    is_right = hmac.compare_digest(bytes(device.key_hash), hashed(key))
    return device if is_right else None


def hashed(key: str) -> bytes:
    """Return what is kept of a computer's key; it is random, so it needs no slow hash."""
    return hashlib.sha256(key.encode()).digest()


def open_pins(device: Device) -> QuerySet[DevicePin]:
    """Return the PINs that open a session at a computer now."""
    since = clock.now() - timedelta(hours=settings.PIN_HOURS)
    return DevicePin.objects.filter(
        device=device,
        full_sign_in_at__gt=since,
        wrong_tries__lt=WRONG_TRIES,
        user__is_active=True,
        user__must_change_password=False,
    ).select_related("user")


def names_at(device: Device) -> list[Name]:
    """Return whom a computer shows, in an order that stays the same all day."""
    pins = open_pins(device).order_by("user__full_name_km", "user_id")
    return [Name(pin.user_id, pin.user.full_name_km, pin.user.full_name_en) for pin in pins]


def has_pin(device: Device, user_id: int) -> bool:
    """Tell whether a person has a PIN at a computer, in use or not."""
    return DevicePin.objects.filter(device=device, user_id=user_id).exists()


def works_at(actor: Actor, office_id: int) -> bool:
    """Tell whether somebody holds a role that reaches this office."""
    return any(
        grant.office_id == office_id or grant.role in PROVINCE_WIDE for grant in actor.grants
    )


def managed_devices(actor: Actor) -> list[Device]:
    """Return the computers in use at the offices where somebody may manage them."""
    rows = Device.objects.filter(removed_at__isnull=True).select_related("office", "enrolled_by")
    rows = rows.order_by(F("office__sort_order"), "label", "id")
    return [row for row in rows if actor.may(Verb.MANAGE_DEVICES, office_id=row.office_id)]
