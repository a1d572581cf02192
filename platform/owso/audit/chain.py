"""How entries and seals are hashed: keyed, so that the database alone cannot make them again.

The key is derived by HKDF-SHA256 (RFC 5869) from MASTER_KEYS for each schema; it is never in
the database. Somebody who may write every table can break the chain, and cannot mend it.
"""

import hashlib
import hmac
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from owso.audit.ledgers import Row, canonical
from owso.audit.models import AuditSeal

LEAF_BYTES = 16
_LEAF = struct.Struct(f">q{LEAF_BYTES}s")
NOTHING_BEFORE = bytes(32)


@lru_cache(maxsize=256)
def _key(schema_name: str, version: int) -> bytes:
    master = bytes.fromhex(settings.MASTER_KEYS[version])
    info = f"owso:audit:{schema_name}:{version}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


@dataclass(frozen=True, slots=True)
class Hasher:
    """Hashes with the key of one schema and one version of the master key."""

    schema_name: str
    version: int

    @classmethod
    def newest(cls, schema_name: str) -> "Hasher":
        """Return the hasher that makes new seals: the newest key."""
        return cls(schema_name, max(settings.MASTER_KEYS))

    @property
    def is_known(self) -> bool:
        """Whether the master key of this version is among the settings."""
        return self.version in settings.MASTER_KEYS

    def leaf(self, row: Row) -> bytes:
        """Return what stands for an entry in its seal."""
        key = _key(self.schema_name, self.version)
        return hmac.digest(key, canonical(row), hashlib.sha256)[:LEAF_BYTES]

    def digest(self, seal: AuditSeal) -> bytes:
        """Return the hash of a seal over everything it says, the seal before it included."""
        said = (
            *(seal.ledger, seal.sequence, seal.entries, seal.last_xact, seal.last_id),
            *(seal.drawn_id, seal.next_xact, hashlib.sha256(seal.leaves).hexdigest()),
            *(bytes(seal.previous).hex(), seal.key_version, seal.sealed_at.timestamp()),
        )
        return hmac.digest(_key(self.schema_name, self.version), canonical(said), hashlib.sha256)


def pack(leaves: Iterable[tuple[int, bytes]]) -> bytes:
    """Return ids and leaves as a seal keeps them."""
    return b"".join(_LEAF.pack(row_id, leaf) for row_id, leaf in leaves)


def unpack(leaves: bytes | memoryview) -> Iterator[tuple[int, bytes]]:
    """Return the ids and leaves of a seal in their order."""
    yield from _LEAF.iter_unpack(bytes(leaves))
