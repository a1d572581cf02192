"""Where sealed files lie: in Django's default storage, under random names."""

import hashlib
import secrets
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from services.documents import containers
from services.documents.containers import DamagedError


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that was written: its name, its bytes on the disk, and their SHA-256."""

    file_name: str
    size_bytes: int
    digest: bytes


def store(content: bytes, key: bytes, *, folder: str) -> Stored:
    """Write a content sealed with its key; the name tells nothing."""
    container = b"".join(containers.encrypted(content, key))
    token = secrets.token_hex(16)
    name = default_storage.save(f"{folder}/{token[:2]}/{token}", ContentFile(container))
    return Stored(name, len(container), hashlib.sha256(container).digest())


def load(file_name: str, key: bytes) -> bytes:
    """Return a content, wholly proved; raise DamagedError when it is missing or altered."""
    try:
        with default_storage.open(file_name) as container:
            return b"".join(containers.decrypted(container, key))
    except FileNotFoundError as error:
        raise DamagedError from error


def discard(*file_names: str) -> None:
    """Remove files that no row speaks of (any more)."""
    for name in file_names:
        default_storage.delete(name)
