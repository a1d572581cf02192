"""An installation whose providers all stand on this machine."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from services.demo.phones.server import PhonesServer, System, phones
from tenants.context import as_portal
from tests.services.notify.cast import HOOK_TOKEN, TELEGRAM_SECRET


@pytest.fixture(autouse=True)
def _rested() -> Iterator[None]:
    """Let every provider be tried anew."""
    yield
    with as_portal():
        cache.clear()


@pytest.fixture
def air(settings) -> Iterator[PhonesServer]:
    """Stand-ins of all providers, and the settings that lead to them."""
    with phones(System("", TELEGRAM_SECRET, HOOK_TOKEN)) as server:
        settings.QUIET_HOURS = "00:00-00:00"
        settings.SMS_GATEWAYS = ["plasgate", "mekong"]
        settings.PLASGATE_URL = settings.MEKONG_URL = settings.TELEGRAM_URL = server.url
        settings.PLASGATE_KEY, settings.PLASGATE_SECRET = "key", "secret"
        settings.MEKONG_USER, settings.MEKONG_PASSWORD = "owso", "digest"
        settings.TELEGRAM_BOT, settings.TELEGRAM_TOKEN = "owso_bot", "1:abc"
        settings.TELEGRAM_SECRET, settings.SMS_HOOK_TOKEN = TELEGRAM_SECRET, HOOK_TOKEN
        settings.PUSH_CONTACT, settings.PUSH_HOSTS = "owso@example.org", ["127.0.0.1"]
        yield server
