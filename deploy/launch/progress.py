"""Progress on the terminal: one line a step, its name and then its seconds."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_WIDTH = 26


class Step:
    """A step under way; what it has to tell is printed below its line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        """Tell something about this step when its line is complete."""
        self.notes.append(text)

    def count(self, done: int, total: int) -> None:
        """Show how far a long step has come, on a terminal only."""
        if sys.stderr.isatty():
            _write(f"\r  {self.name:<{_WIDTH}} {done} of {total}\033[K")


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Print the name at once and the seconds at the end (standard error, as all progress)."""
    started = time.monotonic()
    under_way = Step(name)
    _write(f"  {name:<{_WIDTH}} ")
    try:
        yield under_way
    except BaseException:
        _write("failed\n")
        raise
    back = f"\r  {name:<{_WIDTH}} " if sys.stderr.isatty() else ""
    _write(f"{back}{time.monotonic() - started:6.1f} s\n")
    for text in under_way.notes:
        say(f"      {text}")


def say(text: str) -> None:
    """Print one line of news."""
    _write(f"{text}\n")


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
