"""The stand-in phones of a demonstration, where nobody has set up a real provider."""

import secrets
from collections.abc import Mapping

PREFERRED_PORT = 8090
_REAL = ("TELEGRAM_TOKEN", "TELEGRAM_TOKEN_FILE", "SMS_GATEWAYS")


def is_wanted(variables: Mapping[str, str]) -> bool:
    """Say whether no real provider is set up here."""
    return not any(variables.get(name) for name in _REAL)


def settings_of(port: int) -> dict[str, str]:
    """Return the settings by which an installation takes the stand-ins for its providers."""
    url = f"http://127.0.0.1:{port}"
    return {
        "QUIET_HOURS": "00:00-00:00",
        "TELEGRAM_BOT": "owso_bot",
        "TELEGRAM_TOKEN": "1:demonstration",
        "TELEGRAM_SECRET": secrets.token_hex(16),
        "TELEGRAM_URL": url,
        "TELEGRAM_PAGES": url,
        "SMS_GATEWAYS": "plasgate,mekong",
        "SMS_NUMBER": "1234",
        "SMS_HOOK_TOKEN": secrets.token_hex(16),
        "PLASGATE_URL": url,
        "MEKONG_URL": url,
    }
