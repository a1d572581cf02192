"""Encryption and keyed hashes of personal data with a key per province.

Keys are derived by HKDF-SHA256 (RFC 5869) from MASTER_KEYS; the newest seals, every listed
one opens, so a key can be rotated. Sealing is AES-256-GCM (NIST SP 800-38D).
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tenants.context import current_province

NONCE_BYTES = 12


@lru_cache(maxsize=1024)
def derived_key(purpose: str, province_code: str, version: int) -> bytes:
    """Return the 32-byte key of a province for one purpose and one version of the master key."""
    master = bytes.fromhex(settings.MASTER_KEYS[version])
    info = f"owso:{purpose}:{province_code}:{version}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


class Sealer:
    """Seals and hashes for the province entered when it was made; keys are derived once."""

    def __init__(self) -> None:
        code = current_province().code
        version = max(settings.MASTER_KEYS)
        self._code = code.encode()
        self._version = bytes([version])
        self._cipher = AESGCM(derived_key("seal", code, version))
        # The oldest key is used for ever: a hash cannot be rotated without its text.
        self._hash_key = derived_key("hash", code, min(settings.MASTER_KEYS))

    def seal(self, text: str) -> bytes:
        """Encrypt a text: version byte, nonce, ciphertext with tag."""
        nonce = os.urandom(NONCE_BYTES)
        return self._version + nonce + self._cipher.encrypt(nonce, text.encode(), self._code)

    def keyed_hash(self, text: str) -> bytes:
        """Return 32 bytes by which a value can be found again in this province only."""
        return hmac.digest(self._hash_key, text.encode(), hashlib.sha256)


def seal(text: str) -> bytes:
    """Encrypt a text for the current province."""
    return Sealer().seal(text)


def unseal(sealed: bytes) -> str:
    """Decrypt what `seal` made in this province.

    Raises cryptography.exceptions.InvalidTag for another province's or an altered value.
    """
    code = current_province().code
    sealed = bytes(sealed)
    version, nonce, body = sealed[0], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    return AESGCM(derived_key("seal", code, version)).decrypt(nonce, body, code.encode()).decode()


def keyed_hash(text: str) -> bytes:
    """Return 32 bytes by which a value can be found again in the current province only."""
    return Sealer().keyed_hash(text)


def keyed_hash_in(province_code: str, text: str) -> bytes:
    """Return the same hash for a province that is not entered: citizens stand outside."""
    key = derived_key("hash", province_code, min(settings.MASTER_KEYS))
    return hmac.digest(key, text.encode(), hashlib.sha256)
