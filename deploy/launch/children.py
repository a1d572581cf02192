"""The kinds of things that the supervisor keeps alive: programs of ours and the two servers."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from owso.embedded.processes import Identity, identity_of, tether
from owso.embedded.server import Server

_LOG_BYTES = 10_000_000


class Supervised(Protocol):
    """What the supervisor needs of a child."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def end_signal(self) -> signal.Signals: ...
    def start(self) -> None: ...
    def exit_code(self) -> int | None: ...
    def identity(self) -> Identity | None: ...


@dataclass
class Program:
    """One of our own processes, leader of a group of its own, its output in a log of its own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    logs: Path
    runs_once: bool = False
    after: str = ""  # waits for the end of the program of this name
    keep_open: tuple[int, ...] = ()
    speaks: bool = False  # what it prints is for the terminal
    end_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        return self.logs / f"{self.name.replace(' ', '-')}.log"

    def start(self) -> None:
        _rotate(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=None if self.speaks else log,
                stderr=log,
                pass_fds=self.keep_open,
                # The terminal's Ctrl-C is the supervisor's alone.
                start_new_session=True,
                preexec_fn=tether(self.end_signal),
            )

    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    def identity(self) -> Identity | None:
        return identity_of(self.process.pid) if self.process else None

    def ask_to_end(self) -> None:
        """Send the kind signal to the leader, who tells its own children."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.end_signal)

    def finish(self, seconds: float) -> None:
        """Wait for the end; whoever of the group is still there after that is killed."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(seconds, 0))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


class ServerChild:
    """An embedded server, started again on its old port so that its address stays true."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.name = server.name
        self.log = server.log
        self.end_signal = server.end_signal

    def start(self) -> None:
        self.server.start(self.server.port)

    def exit_code(self) -> int | None:
        return self.server.process.poll() if self.server.process else None

    def identity(self) -> Identity | None:
        return self.server.identity()


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
