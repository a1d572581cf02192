"""How a document lies on the disk: segments of AES-256-GCM under a key of its own.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the nonce of a segment
counts, and its last byte marks the last one, so that segments can be neither changed, moved,
dropped nor cut off unnoticed. A key is never used for two files. The file's key is sealed with
the province's (`tenants.sealing`), whose version goes with it: the master key can be changed
without touching a file.
"""

import io
import os
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tenants import sealing

MAGIC = b"OWSO-D1\n"
SEGMENT_BYTES = 64 * 1024
TAG_BYTES = 16
KEY_BYTES = 32


class DamagedError(Exception):
    """The bytes are not those that were written: altered, cut, or another file's."""


def new_key() -> bytes:
    """Return a fresh key for one file."""
    return os.urandom(KEY_BYTES)


def seal_key(key: bytes) -> bytes:
    """Seal a file's key with the newest key of the current province."""
    return sealing.seal(key.hex())


def unseal_key(sealed: bytes | memoryview) -> bytes:
    """Return a file's key; raise DamagedError for another province's or an altered one."""
    try:
        return bytes.fromhex(sealing.unseal(bytes(sealed)))
    except (InvalidTag, KeyError, IndexError, ValueError) as error:
        raise DamagedError from error


def encrypted(content: bytes, key: bytes) -> Iterator[bytes]:
    """Return the container of a content, piece by piece."""
    cipher, source = AESGCM(key), io.BytesIO(content)
    yield MAGIC
    number, segment = 0, source.read(SEGMENT_BYTES)
    while True:
        following = source.read(SEGMENT_BYTES)
        yield cipher.encrypt(_nonce(number, is_last=not following), segment, MAGIC)
        if not following:
            return
        number, segment = number + 1, following


def decrypted(container: IO[bytes], key: bytes) -> Iterator[bytes]:
    """Return the content of a container, segment by segment, each proved before it is given.

    Raises DamagedError at the first segment that is not genuine; nobody should show what came
    before until the end was reached.
    """
    if container.read(len(MAGIC)) != MAGIC:
        raise DamagedError
    cipher = AESGCM(key)
    number, segment = 0, container.read(SEGMENT_BYTES + TAG_BYTES)
    while True:
        following = container.read(SEGMENT_BYTES + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(number, is_last=not following), segment, MAGIC)
        except (InvalidTag, ValueError) as error:
            raise DamagedError from error
        if not following:
            return
        number, segment = number + 1, following


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
