"""Links that prove they came from us: signed, for one purpose, and over after a time."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_bytes

from django.conf import settings

from services.notify.models import UsedToken
from services.requests.codes import ALPHABET
from tenants import clock
from tenants.sealing import derived_key

TELEGRAM, EMAIL, TYPED, STOP, RECEIPT = "telegram", "email", "typed", "stop", "receipt"
_HEAD, _MAC = 9, 12
_STOP_MAC = 8
_BITS = 5
_MOST = 64


@dataclass(frozen=True, slots=True)
class Token:
    """What a link says that is ours, and not over."""

    text: str
    province_code: str
    body: bytes
    expires_at: datetime


def new_token(purpose: str, province_code: str, body: bytes, *, expires_at: datetime) -> str:
    """Return a link's token of letters, digits, - and _; at most 64 of them for 20 bytes."""
    until = int(expires_at.timestamp()).to_bytes(4, "big")
    head = bytes([int(province_code)]) + until + token_bytes(4) + body
    return _written(head + _mac(purpose, province_code, head, max(settings.MASTER_KEYS)))


def read_token(purpose: str, text: str, *, now: datetime | None = None) -> Token | None:
    """Return what a token says; None when it is not ours, for something else, or over."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= _MOST else b""
    except (Base64Error, ValueError):
        return None
    head, mac = raw[:-_MAC], raw[-_MAC:]
    if len(head) < _HEAD or _written(raw) != text:
        return None
    province_code, expires_at = f"{head[0]:02}", datetime.fromtimestamp(_until(head), UTC)
    macs = (_mac(purpose, province_code, head, version) for version in settings.MASTER_KEYS)
    if not any(hmac.compare_digest(mac, each) for each in macs):
        return None
    is_over = expires_at <= (now or clock.now())
    return None if is_over else Token(text, province_code, head[_HEAD:], expires_at)


def use_once(token: Token) -> bool:
    """Mark a token as used in its province; False when it was used before."""
    digest = hashlib.sha256(token.text.encode()).digest()
    _row, is_first = UsedToken.objects.get_or_create(
        token_hash=digest, defaults={"expires_at": token.expires_at}
    )
    return is_first


def stop_token(province_code: str, following_id: int) -> str:
    """Return the short token of a following's own page; it is over when the following is."""
    number = _base32(following_id)
    mac = _stop_mac(province_code, number, max(settings.MASTER_KEYS))
    return f"{province_code}{number}{mac}"


def read_stop_token(text: str) -> tuple[str, int] | None:
    """Return the province and the following of a short token, or None when it is not ours."""
    text = text.upper()
    province_code, number, mac = text[:2], text[2:-_STOP_MAC], text[-_STOP_MAC:]
    if not (number and set(text) <= set(ALPHABET) and province_code.isdecimal()):
        return None
    if len(text) > _MOST:
        return None
    known = (_stop_mac(province_code, number, version) for version in settings.MASTER_KEYS)
    if not any(hmac.compare_digest(mac, each) for each in known):
        return None
    following_id = 0
    for letter in number:
        following_id = (following_id << _BITS) + ALPHABET.index(letter)
    return province_code, following_id


def receipt_mac(province_code: str, reference: str) -> str:
    """Return what a provider must tell us back with a message's reference."""
    return _mac(RECEIPT, province_code, reference.encode(), min(settings.MASTER_KEYS)).hex()


def _until(head: bytes) -> int:
    return int.from_bytes(head[1:5], "big")


def _written(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _mac(purpose: str, province_code: str, head: bytes, version: int) -> bytes:
    key = derived_key(f"link:{purpose}", province_code, version)
    return hmac.digest(key, head, hashlib.sha256)[:_MAC]


def _stop_mac(province_code: str, number: str, version: int) -> str:
    mac = _mac(STOP, province_code, number.encode(), version)
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in mac[:_STOP_MAC])


def _base32(number: int) -> str:
    text = ""
    while number or not text:
        number, place = divmod(number, len(ALPHABET))
        text = ALPHABET[place] + text
    return text
