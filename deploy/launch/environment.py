"""The Python environment in .venv, made from requirements.lock: standard library only."""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.launch import progress, stamps
from deploy.launch.problems import LaunchError

_BYTES_NEEDED = 1_500_000_000
_NO_VENV = """Python's own venv module is incomplete, so .venv cannot be made.
On Debian and Ubuntu:  apt install python3-venv
(The system's Python does not take packages directly; nothing is installed outside .venv.)"""


def clean(environment: dict[str, str]) -> dict[str, str]:
    """The caller's environment without what would steer Python or PostgreSQL elsewhere."""
    steering = ("PG", "PYTHON", "VIRTUAL_ENV", "DJANGO_")
    kept = {name: value for name, value in environment.items() if not name.startswith(steering)}
    kept.setdefault("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
    if not Path(kept.get("HOME", "")).is_absolute():
        kept["HOME"] = pwd.getpwuid(os.geteuid()).pw_dir
    return kept


def python_of(checkout: Path) -> Path:
    """The interpreter of the environment."""
    return checkout / ".venv/bin/python"


def is_inside(checkout: Path) -> bool:
    """Whether this very process already runs in the environment."""
    return Path(sys.prefix).resolve() == (checkout / ".venv").resolve()


def ensure(checkout: Path, *, shown: bool) -> None:
    """Make the environment equal to requirements.lock when it is not; raises LaunchError."""
    lock, stamp = checkout / "requirements.lock", checkout / ".venv/owso.stamp"
    digest = stamps.digest_of([lock], extra=str(sys.version_info[:2]))
    if stamps.is_current(stamp, digest) and python_of(checkout).exists():
        if shown:
            with progress.step("environment"):
                return
        return
    with progress.step("environment") as step, _alone(lock):
        if stamps.is_current(stamp, digest):
            return
        _refuse_a_full_disk(checkout)
        _make_venv(checkout)
        _install(checkout, lock, step)
        stamps.set_stamp(stamp, digest)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _refuse_a_full_disk(checkout: Path) -> None:
    free = shutil.disk_usage(checkout).free
    if free < _BYTES_NEEDED:
        raise LaunchError(
            f"The disk of {checkout} has {free / 1e9:.1f} GB left; "
            f"the environment needs {_BYTES_NEEDED / 1e9:.1f} GB."
        )


def _make_venv(checkout: Path) -> None:
    python = python_of(checkout)
    if python.exists() and _works(python):
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise LaunchError(_NO_VENV)
    made = subprocess.run(
        [_own_python(), "-m", "venv", "--clear", str(checkout / ".venv")],
        env=clean(dict(os.environ)),
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise LaunchError(_explain(made.stdout + made.stderr, doing="making .venv"))


def _works(python: Path) -> bool:
    wanted = f"{sys.version_info[0]}.{sys.version_info[1]}"
    look = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    seen = subprocess.run(
        [str(python), "-I", "-c", look], capture_output=True, text=True, check=False
    )
    return seen.stdout.strip() == wanted


def _own_python() -> str:
    # Without PATH in the environment, Python does not know where it was started from.
    return sys.executable or str(Path("/proc/self/exe").resolve())


def _install(checkout: Path, lock: Path, step: progress.Step) -> None:
    total = lock.read_text(encoding="utf-8").count("==")
    command = [
        *(str(python_of(checkout)), "-m", "pip", "install", "--disable-pip-version-check"),
        *("--no-input", "--progress-bar=off", "--no-warn-script-location", "--root-user-action"),
        # The lock is complete, and most modules are never imported: no resolving, no compiling.
        *("ignore", "--no-deps", "--no-compile", "--require-hashes", "-r", str(lock)),
    ]
    said: list[str] = []
    with subprocess.Popen(
        command,
        env=clean(dict(os.environ)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as pip:
        for line in pip.stdout or ():
            said.append(line)
            step.count(sum(text.startswith("Collecting") for text in said), total)
    if pip.returncode:
        raise LaunchError(_explain("".join(said[-30:]), doing="installing the packages"))


def _explain(output: str, *, doing: str) -> str:
    if "No space left on device" in output:
        return f"The disk became full while {doing}: make room and start again."
    if "ensurepip" in output:
        return _NO_VENV
    if "Permission denied" in output:
        return f"{doing} was refused; does .venv belong to another user?\n{output.strip()}"
    unreachable = ("Connection", "Temporary failure", "Max retries", "timed out")
    hint = " (is the network reachable?)" if any(word in output for word in unreachable) else ""
    return f"Something failed while {doing}{hint}:\n{output.strip()}"
