"""Whatever somebody with the database in hand does to a sealed ledger is found and named."""

import hashlib

import pytest
from django.db import DatabaseError, connection, transaction

from owso.audit.chain import Hasher
from owso.audit.ledgers import ACCESS, AUDIT
from owso.audit.models import AuditSeal
from owso.audit.sealing import last_seal, seal_ledger, seal_schema
from owso.audit.verifying import verify_ledger
from tenants.auditing import Place, places, seal, seal_all, verify
from tenants.context import as_national
from tests.owso.audit.conftest import act, read, tampering

ENTRIES, SEALS = "audit_auditentry", "audit_auditseal"
COPIED = "actor_name, verb, object_type, object_id, address, changes"


def found(ledger=AUDIT, **expected):
    return [(fault.kind.value, fault.number) for fault in verify_ledger(ledger, **expected).faults]


def sealed(count: int, *, batch: int = 2) -> list[int]:
    """Write and seal some entries; returns their ids."""
    ids = [act().pk for _ in range(count)]
    assert seal_ledger(AUDIT, batch=batch) == count
    return ids


def test_what_is_sealed_is_sound_and_sealed_once(real):
    sealed(5)
    verdict = verify_ledger(AUDIT)
    assert (verdict.is_sound, verdict.entries, verdict.seals, verdict.waiting) == (True, 5, 3, 0)
    assert seal_ledger(AUDIT) == 0
    act()
    assert verify_ledger(AUDIT).waiting == 1


def test_readings_have_a_chain_of_their_own(real):
    act()
    entry = read()
    assert seal_schema() == 2
    assert verify_ledger(ACCESS).is_sound
    with tampering("audit_accessentry") as owner:
        owner.execute("UPDATE p01.audit_accessentry SET actor_name = 'nobody'")
    assert found(ACCESS) == [("altered", entry.pk)]
    assert found(AUDIT) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'somebody else'",
        "at = at - interval '1 microsecond'",
        """changes = '{"riel": 40001, "state": ["before", "after"]}'""",
        "actor_id = 1",
    ],
)
def test_an_altered_entry_is_named(real, change):
    ids = sealed(5)
    with tampering(ENTRIES) as owner:
        owner.execute(f"UPDATE p01.{ENTRIES} SET {change} WHERE id = {ids[2]}")
    assert found() == [("altered", ids[2])]


def test_a_removed_entry_is_named(real):
    ids = sealed(5)
    with tampering(ENTRIES) as owner:
        owner.execute(f"DELETE FROM p01.{ENTRIES} WHERE id = {ids[3]}")
    assert found() == [("removed", ids[3])]


def test_an_entry_put_among_the_old_ones_is_named(real):
    ids = sealed(4)
    with tampering(ENTRIES) as owner:
        owner.execute(
            f"INSERT INTO p01.{ENTRIES} (id, at, xact_id, {COPIED})"
            f" SELECT 9999, at, xact_id, {COPIED} FROM p01.{ENTRIES} WHERE id = {ids[1]}"
        )
    assert found() == [("inserted", 9999)]


def aged_seals():
    """Let the seals be some minutes apart, as they are in life; the chain is made anew."""
    previous = bytes(32)
    with tampering(SEALS) as owner:
        for back, made in zip((3, 2, 1), AuditSeal.objects.order_by("sequence"), strict=True):
            (made.sealed_at,) = owner.execute(
                "SELECT sealed_at - make_interval(hours => %s) FROM p01.audit_auditseal"
                " WHERE id = %s",
                [back, made.pk],
            ).fetchone()
            made.previous = previous
            previous = made.digest = Hasher("p01", 1).digest(made)
            owner.execute(
                "UPDATE p01.audit_auditseal SET sealed_at = %s, previous = %s, digest = %s"
                " WHERE id = %s",
                [made.sealed_at, made.previous, made.digest, made.pk],
            )
    assert verify_ledger(AUDIT).is_sound


def test_an_entry_written_today_under_an_old_id_is_named(real):
    with transaction.atomic():
        lost = act().pk
        transaction.set_rollback(True)
    for _ in range(3):
        sealed(1)
    aged_seals()
    with tampering(ENTRIES) as owner:
        owner.execute(
            f"INSERT INTO p01.{ENTRIES} (id, {COPIED})"
            f" SELECT {lost}, {COPIED} FROM p01.{ENTRIES} LIMIT 1"
        )
    assert seal_ledger(AUDIT) == 1
    assert found() == [("inserted", lost)]


def test_an_entry_that_pretends_to_be_of_another_day_is_named(real):
    sealed(1)
    with tampering(ENTRIES) as owner:
        (forged,) = owner.execute(
            f"INSERT INTO p01.{ENTRIES} (at, {COPIED})"
            f" SELECT at - interval '3 days', {COPIED} FROM p01.{ENTRIES} LIMIT 1 RETURNING id"
        ).fetchone()
    seal_ledger(AUDIT)
    assert found() == [("inserted", forged)]


def test_swapped_seals_are_found(real):
    sealed(6)
    with tampering(SEALS) as owner:
        owner.execute(f"UPDATE p01.{SEALS} SET sequence = sequence + 100")
        owner.execute(
            f"UPDATE p01.{SEALS} SET sequence ="
            " CASE sequence WHEN 102 THEN 3 WHEN 103 THEN 2 ELSE 1 END"
        )
    assert found() == [("seal", 2)]


@pytest.mark.parametrize(
    "change",
    [
        f"DELETE FROM p01.{SEALS} WHERE sequence = 2",
        f"UPDATE p01.{SEALS} SET sealed_at = sealed_at - interval '1 day' WHERE sequence = 2",
        f"UPDATE p01.{SEALS} SET leaves = leaves || leaves WHERE sequence = 2",
        f"UPDATE p01.{SEALS} SET key_version = 9 WHERE sequence = 2",
    ],
)
def test_a_seal_that_is_missing_or_altered_is_found(real, change):
    sealed(6)
    with tampering(SEALS) as owner:
        owner.execute(change)
    assert found() == [("seal", 2)]


def test_without_the_key_nobody_makes_a_seal_that_fits(real):
    sealed(2)
    seal_before = last_seal(AUDIT)
    with tampering(SEALS) as owner:
        owner.execute(
            f"UPDATE p01.{SEALS} SET entries = 1, digest = %s",
            [hashlib.sha256(bytes(seal_before.digest)).digest()],
        )
    assert found() == [("seal", 1)]


def test_a_chain_cut_short_does_not_have_the_head_that_was_kept_outside(real):
    ids = sealed(4)
    head = last_seal(AUDIT)
    kept = {head.sequence: bytes(head.digest)}
    assert found(expected=kept) == []
    with tampering(ENTRIES, SEALS) as owner:
        owner.execute(f"DELETE FROM p01.{SEALS} WHERE sequence = 2")
        owner.execute(f"DELETE FROM p01.{ENTRIES} WHERE id >= {ids[2]}")
    assert found() == []
    assert found(expected=kept) == [("head", 2)]
    sealed(2)
    assert found(expected=kept) == [("head", 2)]


def test_an_older_master_key_still_proves_what_it_sealed(real, settings):
    sealed(1)
    settings.MASTER_KEYS = {**settings.MASTER_KEYS, 2: "ab" * 32}
    sealed(1)
    assert last_seal(AUDIT).key_version == 2
    assert verify_ledger(AUDIT).is_sound
    del settings.MASTER_KEYS[2]
    assert found() == [("seal", 2)]


def test_the_ministry_s_own_actions_are_sealed_in_the_shared_schema(real):
    with as_national():
        act()
    act()
    assert seal(Place(None)) >= 1
    (audit, _access) = verify(Place(None))
    assert audit.is_sound
    assert audit.entries >= 1
    assert verify_ledger(AUDIT).entries == 0


def test_the_job_seals_every_schema(real):
    act()
    seal_all()
    assert {place.code for place in places()} == {"public", "01", "02", "12"}
    assert verify_ledger(AUDIT).entries == 1


@pytest.mark.parametrize("table", [ENTRIES, SEALS, "audit_accessentry"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET id = id + 100000", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_no_role_changes_a_ledger(real, table, statement):
    act(), read(), seal_schema()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{*}', true)")
        with pytest.raises(DatabaseError, match=r"append-only|permission denied"):
            cursor.execute(statement.format(table))
        transaction.set_rollback(True)
