"""Keeps the children alive until somebody asks for the end, then ends them all."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from deploy.launch.children import Program, ServerChild, Supervised
from deploy.launch.problems import LaunchError
from deploy.launch.progress import say
from deploy.launch.records import Records
from owso.embedded import Cluster, Urls
from owso.embedded.problems import ServerError

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_HEALTHY_SECONDS = 60.0
_END_SECONDS = 15.0


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Inside, Ctrl-C, SIGTERM and a closed terminal all raise KeyboardInterrupt."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    yield


def ignore_signals() -> None:
    """From now on nothing interrupts the orderly end."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


class _Watch:
    """A child, how often it fell in a row, and when it may be started again."""

    def __init__(self, child: Supervised) -> None:
        self.child = child
        self.pause = _FIRST_PAUSE
        self.started = time.monotonic()
        self.due: float | None = None

    def fell(self) -> float:
        """Note an unwanted end; returns the seconds until the next try."""
        now = time.monotonic()
        if now - self.started > _HEALTHY_SECONDS:
            self.pause = _FIRST_PAUSE
        pause, self.pause = self.pause, min(self.pause * 2, _LONGEST_PAUSE)
        self.due = now + pause
        return pause


class Supervisor:
    """Starts programs, restarts what dies (with growing pauses), and ends everything once."""

    def __init__(self, cluster: Cluster, records: Records) -> None:
        self._cluster = cluster
        self._records = records
        self._watched: list[_Watch] = []
        self._waiting: list[Program] = []

    def start_servers(self) -> Urls:
        """Start PostgreSQL and Valkey and watch them; they must be nobody else's."""
        urls = self._cluster.start()
        if self._cluster.is_borrowed:
            raise LaunchError(
                "Another command of this checkout has started the servers for itself: "
                "let it end first, then start again."
            )
        for note in self._cluster.notes:
            say(f"      {note}")
        self._watched += [_Watch(ServerChild(server)) for server in self._cluster.servers]
        self._write_down()
        return urls

    def add(self, program: Program) -> None:
        """Start the program now, or when the one that it waits for has ended."""
        to_end = {watch.child.name for watch in self._watched}
        to_end |= {waiting.name for waiting in self._waiting}
        if program.after in to_end:
            self._waiting.append(program)
            return
        program.start()
        self._watched.append(_Watch(program))
        self._write_down()

    def watch(self) -> None:
        """Look after the children for ever; ends by KeyboardInterrupt only."""
        with _child_signals() as wake:
            while True:
                select.select([wake], [], [], 1.0)
                with contextlib.suppress(BlockingIOError):
                    os.read(wake, 512)
                self.look()

    def look(self) -> None:
        """One round: note who fell, start again whose time has come."""
        for watch in list(self._watched):
            if watch.due is not None:
                self._start_again(watch)
            elif (code := watch.child.exit_code()) is not None:
                self._ended(watch, code)

    def program(self, name: str) -> Program:
        """The program of this name as it runs at this moment."""
        found = (w.child for w in self._watched if w.child.name == name)
        return next(child for child in found if isinstance(child, Program))

    def stop(self) -> None:
        """End every program, then the servers."""
        self.stop_programs()
        self._cluster.stop()

    def stop_programs(self) -> None:
        """End every program; the servers go on."""
        programs = [w.child for w in self._watched if isinstance(w.child, Program)]
        for program in reversed(programs):
            program.ask_to_end()
        deadline = time.monotonic() + _END_SECONDS
        for program in programs:
            program.finish(deadline - time.monotonic())

    def _ended(self, watch: _Watch, code: int) -> None:
        child = watch.child
        if isinstance(child, Program) and child.runs_once:
            self._watched.remove(watch)
            say(f"  {child.name}: " + ("done" if code == 0 else f"failed, see {child.log}"))
            self._release_waiting(child.name)
            return
        say(f"  {child.name} ended ({code}); starts again in {watch.fell():.0f} s, see {child.log}")

    def _start_again(self, watch: _Watch) -> None:
        if watch.due is None or time.monotonic() < watch.due:
            return
        watch.due, watch.started = None, time.monotonic()
        try:
            watch.child.start()
        except (ServerError, OSError) as error:
            say(f"  {watch.child.name}: {error}; next try in {watch.fell():.0f} s")
        self._write_down()

    def _release_waiting(self, name: str) -> None:
        released = [program for program in self._waiting if program.after == name]
        self._waiting = [program for program in self._waiting if program.after != name]
        for program in released:
            self.add(program)

    def _write_down(self) -> None:
        alive = [(who, w.child.end_signal) for w in self._watched if (who := w.child.identity())]
        self._records.set_processes(alive)


@contextmanager
def _child_signals() -> Iterator[int]:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    previous = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield reader
    finally:
        signal.set_wakeup_fd(previous)
        os.close(reader)
        os.close(writer)
