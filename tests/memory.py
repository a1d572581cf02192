"""Folders for what a run throws away: in memory where there is room, as a disk makes it slow.

A database of a test has two thousand small files and is made anew after every test that commits.
"""

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 (folders in it are made with a name nobody knows)
_NEEDED_BYTES = 3 * 1024**3
_PREFIX = "owso-test-"


def scratch_folder(purpose: str = "") -> Path:
    """Make a folder that the servers' user may pass through; whoever asked removes it."""
    parent = _MEMORY if _has_room() else None
    if parent:
        _clear_after_the_killed(parent)
    made = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-{purpose}", dir=parent))
    made.chmod(0o711)
    return made


def _has_room() -> bool:
    if not (_MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)):
        return False
    return shutil.disk_usage(_MEMORY).free > _NEEDED_BYTES


def _clear_after_the_killed(parent: Path) -> None:
    """Remove what a killed run left: in memory it would stay until the machine restarts."""
    for left in parent.glob(f"{_PREFIX}*"):
        number = left.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdigit() and not Path("/proc", number).exists():
            shutil.rmtree(left, ignore_errors=True)
