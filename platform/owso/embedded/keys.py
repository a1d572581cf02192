"""Passwords and keys of one installation: drawn once, kept unreadable for others."""

import dataclasses
import json
import os
import secrets
from pathlib import Path

FILE_NAME = "keys.json"


@dataclasses.dataclass(frozen=True)
class Keys:
    """Every secret of an installation, as 64 hexadecimal digits (256 bits) each."""

    postgres: str
    owner: str
    app: str
    valkey: str
    secret_key: str
    master_key: str


def keys_of(data: Path) -> Keys:
    """The keys of this data folder, drawn at the first call (file mode 0600)."""
    path = data / FILE_NAME
    if not path.exists():
        _write(path, Keys(**{field.name: secrets.token_hex(32) for field in _FIELDS}))
    return Keys(**json.loads(path.read_text(encoding="utf-8")))


def _write(path: Path, keys: Keys) -> None:
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(dataclasses.asdict(keys), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)


_FIELDS = dataclasses.fields(Keys)
