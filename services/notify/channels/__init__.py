"""The ways out: which providers this installation has for each channel."""

from collections.abc import Callable, Mapping

from django.conf import settings

from services.notify.channels.mail import Mail
from services.notify.channels.mekong import Mekong
from services.notify.channels.parcels import Provider
from services.notify.channels.plasgate import PlasGate
from services.notify.channels.push import Push
from services.notify.channels.telegram import Telegram
from services.notify.kinds import Channel

_GATEWAYS: Mapping[str, Callable[[], Provider]] = {"plasgate": PlasGate, "mekong": Mekong}


def providers_of(channel: str) -> tuple[Provider, ...]:
    """Return who carries a channel here, the preferred one first; nobody when it is not set up."""
    if channel == Channel.SMS:
        return tuple(_GATEWAYS[name]() for name in settings.SMS_GATEWAYS)
    if channel == Channel.TELEGRAM:
        is_set = settings.TELEGRAM_TOKEN and settings.TELEGRAM_BOT and settings.TELEGRAM_SECRET
        return (Telegram(),) if is_set else ()
    if channel == Channel.PUSH:
        return (Push(),) if settings.PUSH_CONTACT else ()
    return (Mail(),) if settings.EMAIL_HOST else ()


def open_channels() -> tuple[Channel, ...]:
    """Return the channels that can be offered here."""
    return tuple(channel for channel in Channel if providers_of(channel))
