"""What the two embedded servers share: start on a port of their own, watch, end."""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from owso.embedded.places import Account
from owso.embedded.ports import free_port
from owso.embedded.problems import ServerError
from owso.embedded.processes import Identity, end, identity_of, tether

_START_SECONDS = 60.0
_GLANCE_SECONDS = 0.05
_TRIES = 10
_PORT_TAKEN = ("Address already in use", "could not bind")
# The sessions of a killed server let go of its memory within moments.
_STILL_ENDING = "pre-existing shared memory block"


class Server(ABC):
    """One server program in one folder; it dies with the process that started it."""

    name: ClassVar[str]
    end_signal: ClassVar[signal.Signals]
    preferred_port: ClassVar[int]

    def __init__(self, *, folder: Path, account: Account | None, logs: Path) -> None:
        self.folder = folder
        self.account = account
        self.log = logs / f"{self.name.lower()}.log"
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def prepare(self) -> None:
        """Make the server's files when they are missing and clear what a killed run left."""

    @abstractmethod
    def launch(self, port: int) -> subprocess.Popen[bytes]:
        """Start the program."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the started program answers; raises ServerError when another one does."""

    def start(self, preferred: int | None = None) -> int:
        """Start on the preferred port, or the next free one, and wait for the first answer."""
        self.prepare()
        wanted = preferred or self.preferred_port
        for _ in range(_TRIES):
            self.port = free_port(wanted)
            seen = self.log.stat().st_size if self.log.exists() else 0
            self.process = self.launch(self.port)
            if self._wait_until_it_answers(self.process):
                return self.port
            reason = self._log_since(seen)
            if any(sign in reason for sign in _PORT_TAKEN):
                wanted = self.port + 1
            elif _STILL_ENDING in reason:
                time.sleep(0.5)
            else:
                raise ServerError(f"{self.name} did not start ({self.log}):\n{reason[-1500:]}")
        raise ServerError(f"{self.name} did not start in {_TRIES} tries ({self.log}).")

    def identity(self) -> Identity | None:
        """The running process, None before the start and after the end."""
        return identity_of(self.process.pid) if self.process else None

    def stop(self) -> None:
        """End the server and wait until its files are at rest."""
        if self.process is None:
            return
        if self.process.poll() is None:
            who = identity_of(self.process.pid)
            if who is not None:
                end(who, gently=self.end_signal, seconds=20)
        self.process.wait()
        self.process = None

    def run(self, command: list[str], **more: Any) -> subprocess.Popen[bytes]:
        """Start a program as the server's account, its output in the log, tied to our life."""
        as_user = self.account.as_subprocess() if self.account else {}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd="/",
                env=quiet_environment(),
                start_new_session=True,
                preexec_fn=tether(self.end_signal),
                **as_user,
                **more,
            )

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> bool:
        for _ in range(int(_START_SECONDS / _GLANCE_SECONDS)):
            if self.answers():
                return True
            try:
                process.wait(timeout=_GLANCE_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            return False
        self.stop()
        raise ServerError(f"{self.name} gave no answer within {_START_SECONDS:.0f} s.")

    def _log_since(self, position: int) -> str:
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read().decode("utf-8", "replace")


def quiet_environment() -> dict[str, str]:
    """The environment of the server programs: nothing of the caller's reaches them."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}
