"""The codes that an authenticator application would show (RFC 6238), on the standard library."""

import base64
import hashlib
import hmac
import secrets
import struct
import threading
import time

PERIOD_SECONDS = 30
DIGITS = 6
_pause = threading.Event()
_used: dict[tuple[str, str], int] = {}
_lock = threading.Lock()


def new_secret() -> str:
    """Draw a secret as an application takes it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, counter: int) -> str:
    """Return the code of one half minute since 1970."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def next_code(secret: str, host: str, username: str) -> str:
    """Return a code that this account has not used; waits for the next one if need be.

    A code counts once, and the one after the present one is taken already.
    """
    while True:
        now = int(time.time()) // PERIOD_SECONDS
        with _lock:
            counter = max(now, _used.get((host, username), 0) + 1)
            if counter <= now + 1:
                _used[host, username] = counter
                return code_at(secret, counter)
        _pause.wait(1)
