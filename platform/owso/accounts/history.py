"""What others did to one's account, read before one works on: who, when and why."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from owso.accounts.models import User
from owso.accounts.trail import note
from owso.audit.models import AuditEntry

READ = "access_read"
DONE_BY_OTHERS = (
    "password_given",
    "sessions_ended_by",
    "second_step_reset",
    "lock_out",
    "let_back_in",
)
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One thing somebody else did; no name when the system itself did it."""

    text: str
    by: str
    at: datetime
    reason: str


def changes_by_others(user: User) -> list[Change]:
    """Return the last things others did to an account, the newest first. One query."""
    return [_change(entry) for entry in _entries(user, DONE_BY_OTHERS)]


def unread_changes(user: User) -> list[Change]:
    """Return those of them that the person has not confirmed to have read. One query."""
    found: list[Change] = []
    for entry in _entries(user, (*DONE_BY_OTHERS, READ)):
        if entry.verb == READ:
            break
        found.append(_change(entry))
    return found


def confirm_read(user: User, *, address: str) -> None:
    """Record that the person has read what others did."""
    note(READ, user, address)


def _entries(user: User, verbs: tuple[str, ...]) -> list[AuditEntry]:
    rows = AuditEntry.objects.filter(object_type="user", object_id=str(user.pk), verb__in=verbs)
    return list(rows.order_by("-id")[:SHOWN])


def _change(entry: AuditEntry) -> Change:
    by = "" if entry.actor_id is None else entry.actor_name
    return Change(_text(entry.verb), by, entry.at, str(entry.changes.get("reason", "")))


def _text(verb: str) -> str:
    return {
        "password_given": _("You were given a new password"),
        "sessions_ended_by": _("Your sessions were ended"),
        "second_step_reset": _("Your second steps were taken off"),
        "lock_out": _("Your account was closed"),
        "let_back_in": _("Your account was opened again"),
    }[verb]
