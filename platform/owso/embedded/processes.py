"""Operating system processes by identity, so that a re-used pid is never signalled."""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from owso.embedded.problems import ServerError

_PROC = Path("/proc")
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Identity:
    """A pid together with the moment its process began: the pair never comes twice."""

    pid: int
    started: str

    def is_alive(self) -> bool:
        return identity_of(self.pid) == self


def identity_of(pid: int) -> Identity | None:
    """Who has this pid now; None when nobody does or only its exit code is left."""
    started = _started_by_proc(pid) if (_PROC / "self/stat").exists() else _started_by_ps(pid)
    return Identity(pid, started) if started else None


def is_given_out(pid: int) -> bool:
    """Whether the number is in use, be it by a dead process that nobody has buried."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def myself() -> Identity:
    """The identity of the running process."""
    identity = identity_of(os.getpid())
    if identity is None:
        raise ServerError("This system does not tell when a process began (/proc or ps).")
    return identity


def _started_by_proc(pid: int) -> str:
    try:
        # The name in brackets may hold spaces and brackets of its own.
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        boot = (_PROC / "sys/kernel/random/boot_id").read_text()[:8]
    except (FileNotFoundError, ProcessLookupError):
        return ""
    state, ticks = fields[0], fields[19]
    return "" if state in "ZX" else f"{boot}-{ticks}"


def _started_by_ps(pid: int) -> str:
    answer = subprocess.run(
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, started = answer.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else started.strip()


def wait_gone(identity: Identity, *, seconds: float) -> bool:
    """Wait until the process has ended, at most so long; says whether it has."""
    deadline = time.monotonic() + seconds
    while identity.is_alive():
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        _pause_until_exit(identity.pid, min(left, 0.2))
    return True


def _pause_until_exit(pid: int, seconds: float) -> None:
    if not hasattr(os, "pidfd_open"):
        time.sleep(min(seconds, 0.05))
        return
    with contextlib.suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        try:
            select.select([handle], [], [], seconds)
        finally:
            os.close(handle)


def end(
    identity: Identity,
    *,
    gently: signal.Signals = signal.SIGTERM,
    seconds: float = 10,
    with_group: bool = False,
) -> bool:
    """End exactly this process, kindly first and then by force; says whether it is gone."""
    for how, patience in ((gently, seconds), (signal.SIGKILL, 5.0)):
        if not identity.is_alive():
            return True
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if with_group else os.kill)(identity.pid, how)
        if wait_gone(identity, seconds=patience):
            return True
    return False


def command_line(pid: int) -> str:
    """The words that the process was started with, '' when it is gone."""
    try:
        return (_PROC / str(pid) / "cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        words = ["/bin/ps", "-o", "command=", "-p", str(pid)]
        if (_PROC / "self").exists():
            return ""
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout


def working_inside(folder: Path) -> list[Identity]:
    """Processes whose working directory is this folder (PostgreSQL's all sit in their data)."""
    found = []
    for entry in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == folder and (who := identity_of(int(entry.name))):
                found.append(who)
    return found


def tether(death_signal: signal.Signals) -> Callable[[], None]:
    """What a child does before exec: take this signal on the day its parent is killed.

    It runs after subprocess has changed the user, because that change would clear the setting.
    "Parent" is the thread that starts the child: start children from a thread that stays.
    """
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
    parent = os.getpid()

    def tie() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if prctl is None:
            return
        prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:
            os._exit(1)

    return tie
