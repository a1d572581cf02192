"""Shows how far an import is: a bar on a terminal, nothing elsewhere unless asked for."""

import sys
from typing import NoReturn, Protocol

from tqdm import tqdm


class Progress(Protocol):
    """Told how far one part of the work is, in the unit of its total."""

    def begin(self, label: str, total: int) -> None:
        """Start a part."""

    def reach(self, position: int) -> None:
        """Say how far the part is."""

    def finish(self) -> None:
        """End the part."""


class Silent:
    """Shows nothing."""

    def begin(self, label: str, total: int) -> None:
        """Show nothing."""

    def reach(self, position: int) -> None:
        """Show nothing."""

    def finish(self) -> None:
        """Show nothing."""


class Bar:
    """A bar on the standard error; without a terminal only when `is_forced`."""

    def __init__(self, *, is_forced: bool = False) -> None:
        self._is_hidden = False if is_forced else None
        self._bar: tqdm[NoReturn] | None = None

    def begin(self, label: str, total: int) -> None:
        """Draw a new bar."""
        self._bar = tqdm(
            total=total, desc=label, disable=self._is_hidden, file=sys.stderr, unit_scale=True
        )

    def reach(self, position: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bar.update(position - self._bar.n)

    def finish(self) -> None:
        """Leave the bar as it is and go to the next line."""
        if self._bar is not None:
            self._bar.close()
