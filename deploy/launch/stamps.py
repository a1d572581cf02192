"""Stamps: small files that remember from which content something was made."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest_of(paths: Iterable[Path], *, extra: str = "") -> str:
    """A digest over the names and contents of the files, and of folders' files in order."""
    digest = hashlib.sha256(extra.encode())
    for path in paths:
        files = sorted(entry for entry in path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(f"{file.relative_to(path.parent)}\0".encode())
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def is_current(stamp: Path, digest: str) -> bool:
    """Whether the thing beside the stamp was made from exactly this content."""
    try:
        return stamp.read_text(encoding="ascii") == digest
    except (OSError, UnicodeDecodeError):
        return False


def set_stamp(stamp: Path, digest: str) -> None:
    """Remember the content; call it after the thing was made, so that a kill means again."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, encoding="ascii")
