"""What is written down about a running system, so that a later command finds or clears it."""

import fcntl
import json
import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from owso.embedded.processes import Identity, end


@dataclass(frozen=True)
class Running:
    """The supervisor of the running system and the address of its pages."""

    pid: int
    started: str
    port: int
    url: str

    def identity(self) -> Identity:
        return Identity(self.pid, self.started)


class Records:
    """The files `running.json` and `processes.json` of one data folder, and their lock."""

    def __init__(self, data: Path) -> None:
        self._running = data / "running.json"
        self._processes = data / "processes.json"
        self._lock_file = data / "supervisor.lock"
        self._lock: IO[str] | None = None

    def take(self) -> bool:
        """Become this data folder's only supervisor; False when there is a living one.

        The system lets go of the lock at the end of the process, however it ends.
        """
        self._lock_file.parent.mkdir(parents=True, exist_ok=True)
        lock = self._lock_file.open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        """Give the data folder free; nothing of this system runs any more."""
        self._running.unlink(missing_ok=True)
        self._processes.unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    def running(self) -> Running | None:
        """The living supervisor, if there is one."""
        try:
            found = Running(**json.loads(self._running.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError):
            return None
        return found if found.identity().is_alive() else None

    def set_running(self, running: Running) -> None:
        _write(self._running, asdict(running))

    def set_processes(self, processes: list[tuple[Identity, signal.Signals]]) -> None:
        """Write down the children of this moment, each the leader of its own group.

        With each goes the signal that ends it kindly.
        """
        _write(self._processes, [asdict(who) | {"signal": int(how)} for who, how in processes])

    def end_leftovers(self) -> int:
        """End the recorded children of a killed supervisor; returns how many were still there."""
        try:
            recorded = json.loads(self._processes.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return 0
        ended = 0
        for one in recorded:
            who = Identity(one["pid"], one["started"])
            if who.is_alive():
                end(who, gently=signal.Signals(one["signal"]), seconds=5, with_group=True)
                ended += 1
        self._processes.unlink(missing_ok=True)
        return ended


def _write(path: Path, content: object) -> None:
    half = path.with_suffix(".half")
    half.write_text(json.dumps(content), encoding="utf-8")
    half.replace(path)
