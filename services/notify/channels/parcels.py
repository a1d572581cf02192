"""What is handed to a provider, and the four things that can come back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message as it goes out; `reference` names it for ever, `link` leads to its following.

    `receipt_url` is where the provider tells what became of it.
    """

    reference: str
    address: str
    text: str
    subject: str
    language: str
    link: str
    receipt_url: str
    stop_token: str = ""


class NotSentError(Exception):
    """A message did not go; `code` says why in one word for staff and log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:40]


class RefusedError(NotSentError):
    """The provider will never carry it; trying again is pointless."""


class GoneError(RefusedError):
    """The address no longer exists or has shut us out: the following ends."""


class LaterError(NotSentError):
    """Surely not accepted; it may be tried again, and by somebody else."""

    def __init__(self, code: str, wait: timedelta | None = None) -> None:
        super().__init__(code)
        self.wait = wait


class UnclearError(NotSentError):
    """It may have been accepted: only the same provider is asked again, by the same reference."""


class Provider(Protocol):
    """Somebody who carries messages."""

    name: str

    def send(self, parcel: Parcel) -> str:
        """Hand a message over; return the provider's own number for it.

        Raises RefusedError, GoneError, LaterError or UnclearError.
        """
