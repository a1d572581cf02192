"""The errors a rule of the domain can raise; they know no HTTP, the doors translate them."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Message = str | Promise


class DomainError(Exception):
    """A rule said no: `code` for programs, `message` for people, `data` for the log.

    The message says what happened and what to do, in the reader's language.
    """

    def __init__(self, code: str, message: Message, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.data = data

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class NotAllowed(DomainError):
    """The person may not do this here."""


class NotFound(DomainError):
    """No such row, or somebody else's: the answer is the same."""

    def __init__(self, code: str = "not_found", message: Message = "") -> None:
        super().__init__(
            code, message or _("There is nothing here under that number. Check it and try again.")
        )


class Invalid(DomainError):
    """What was given cannot be accepted; `fields` names what is wrong where."""

    def __init__(
        self,
        code: str,
        message: Message,
        *,
        fields: Mapping[str, Message] | None = None,
        **data: Any,
    ) -> None:
        super().__init__(code, message, **data)
        self.fields: dict[str, Message] = dict(fields or {})


class Conflict(DomainError):
    """The row has moved on, or the same key came with another content."""


class AlreadyDone(Conflict):
    """Somebody has done this just now; nothing was done twice."""


class InvalidTransition(DomainError):
    """The request is in a state from which this step does not exist."""


class Unavailable(DomainError):
    """Something outside is down; nothing was written."""
