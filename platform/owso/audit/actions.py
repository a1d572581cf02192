"""Writing the audit trail."""

from typing import Any, Protocol

from owso.audit.models import AuditEntry


class Doer(Protocol):
    """Whoever acts: a person at an address, or the system itself."""

    @property
    def user_id(self) -> int | None:
        """The account, none for the system."""

    @property
    def name(self) -> str:
        """What the trail calls them."""

    @property
    def address(self) -> str:
        """The network address they acted from."""


def record(verb: str, row: Any, *, by: Doer, **changes: Any) -> AuditEntry:
    """Write one entry in the caller's transaction.

    `changes` maps a field to [before, after] or to a fact; never personal data.
    """
    entry = AuditEntry(
        actor_id=by.user_id,
        actor_name=by.name,
        verb=verb,
        object_type=row._meta.model_name,
        object_id=str(row.pk),
        address=by.address,
        changes=changes,
    )
    entry.save(force_insert=True)
    return entry
