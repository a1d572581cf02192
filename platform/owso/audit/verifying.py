"""Reads a ledger again from its first entry and says which entry is not what was sealed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.db import connection, models
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from owso.audit.chain import NOTHING_BEFORE, Hasher, unpack
from owso.audit.ledgers import Ledger, Row
from owso.audit.models import AuditSeal
from owso.database.access import current

MOST_FAULTS = 20
# Between drawing its id and its transaction's first write an entry takes microseconds.
DRAWN_WITHIN = timedelta(minutes=1)
# No transaction lives this long; `at` is the beginning of the entry's transaction.
LONGEST_TRANSACTION = timedelta(days=1)

_COVERED = sql.SQL("""
SELECT {columns} FROM {table}
WHERE (xact_id, id) > (%s::text::xid8, %s) AND (xact_id, id) <= (%s::text::xid8, %s)
ORDER BY {table}.xact_id, id
""")
_WAITING = sql.SQL("SELECT count(*) FROM {table} WHERE (xact_id, id) > (%s::text::xid8, %s)")


class FaultKind(models.TextChoices):
    """What can be wrong with a chain."""

    ALTERED = "altered", _("entry %(id)s was altered after it was sealed")
    REMOVED = "removed", _("entry %(id)s was removed after it was sealed")
    INSERTED = "inserted", _("entry %(id)s was inserted afterwards, as if it were older")
    SEAL = "seal", _("seal %(id)s is missing, altered or not in its place")
    HEAD = "head", _("seal %(id)s is not the one that was kept outside")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `number` is the entry's id, or the seal's place in the chain."""

    kind: FaultKind
    number: int

    def __str__(self) -> str:
        return str(self.kind.label) % {"id": self.number}


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal of a chain, to be kept outside: its place and its digest."""

    sequence: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a ledger was found to be; `waiting` entries are not sealed yet."""

    ledger: str
    entries: int
    seals: int
    waiting: int
    head: Head | None
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every sealed entry is what it was, and none came or went."""
        return not self.faults


@dataclass
class _Walk:
    """How far the chain has been followed."""

    schema_name: str
    sequence: int = 0
    position: tuple[int, int] = (0, 0)
    digest: bytes = NOTHING_BEFORE
    entries: int = 0
    next_xacts: list[int] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    drawn: list[int] = field(default_factory=list)

    def follow(self, seal: AuditSeal) -> None:
        """Go on behind a seal."""
        self.sequence, self.digest = seal.sequence, bytes(seal.digest)
        self.position = (seal.last_xact, seal.last_id)
        self.entries += seal.entries
        self.next_xacts.append(seal.next_xact)
        self.times.append(seal.sealed_at)
        self.drawn.append(seal.drawn_id)

    def is_out_of_time(self, row: Row) -> bool:
        """Tell whether an entry written after some seal pretends to be older than that seal."""
        row_id, xact_id, microseconds = row[:3]
        known = bisect_right(self.next_xacts, int(xact_id))
        if not known:
            return False
        then = self.times[known - 1]
        written = datetime.fromtimestamp(microseconds / 1_000_000, UTC)
        settled = bisect_right(self.times, then - DRAWN_WITHIN, hi=known)
        is_old_id = settled > 0 and row_id <= self.drawn[settled - 1]
        return is_old_id or written < then - LONGEST_TRANSACTION


def verify_ledger(ledger: Ledger, *, expected: Mapping[int, bytes] | None = None) -> Verdict:
    """Compute the chain of a ledger in the current schema anew and compare.

    `expected` are digests by sequence that were kept outside: a chain that was cut short or
    made anew does not have them. At most MOST_FAULTS faults are named, the first first.
    """
    walk = _Walk(current().schema_name)
    faults = tuple(islice(_faults(ledger, walk, dict(expected or {})), MOST_FAULTS))
    head = Head(walk.sequence, walk.digest) if walk.sequence else None
    return Verdict(ledger.name, walk.entries, walk.sequence, _waiting(ledger, walk), head, faults)


def _faults(ledger: Ledger, walk: _Walk, expected: dict[int, bytes]) -> Iterator[Fault]:
    for seal in AuditSeal.objects.filter(ledger=ledger.name).order_by("sequence").iterator(50):
        if not _is_genuine(seal, walk):
            yield Fault(FaultKind.SEAL, walk.sequence + 1)
            return
        if seal.sequence in expected and expected.pop(seal.sequence) != bytes(seal.digest):
            yield Fault(FaultKind.HEAD, seal.sequence)
        yield from _entry_faults(ledger, seal, walk)
        walk.follow(seal)
    yield from (Fault(FaultKind.HEAD, sequence) for sequence in sorted(expected))


def _is_genuine(seal: AuditSeal, walk: _Walk) -> bool:
    hasher = Hasher(walk.schema_name, seal.key_version)
    return (
        seal.sequence == walk.sequence + 1
        and bytes(seal.previous) == walk.digest
        and hasher.is_known
        and hasher.digest(seal) == bytes(seal.digest)
    )


def _entry_faults(ledger: Ledger, seal: AuditSeal, walk: _Walk) -> Iterator[Fault]:
    hasher = Hasher(walk.schema_name, seal.key_version)
    sealed = dict(unpack(seal.leaves))
    for row in _covered(ledger, walk.position, seal):
        leaf = sealed.pop(row[0], None)
        if leaf is None or walk.is_out_of_time(row):
            yield Fault(FaultKind.INSERTED, row[0])
        elif leaf != hasher.leaf(row):
            yield Fault(FaultKind.ALTERED, row[0])
    yield from (Fault(FaultKind.REMOVED, row_id) for row_id in sealed)


def _covered(ledger: Ledger, start: tuple[int, int], seal: AuditSeal) -> list[Row]:
    query = _COVERED.format(columns=ledger.selected, table=sql.Identifier(ledger.table))
    with connection.cursor() as cursor:
        cursor.execute(query, [*start, seal.last_xact, seal.last_id])
        return list(cursor.fetchall())


def _waiting(ledger: Ledger, walk: _Walk) -> int:
    query = _WAITING.format(table=sql.Identifier(ledger.table))
    with connection.cursor() as cursor:
        cursor.execute(query, walk.position)
        return int(cursor.fetchone()[0])
