"""Sealing while others write, while others seal, and when it is killed; and the command."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from owso.audit.ledgers import AUDIT
from owso.audit.models import AuditEntry, AuditSeal
from owso.audit.sealing import seal_ledger
from owso.audit.verifying import verify_ledger
from tenants.context import in_province
from tests import databases
from tests.databases import ROOT, manage, owner_connection
from tests.owso.audit.conftest import act, tampering

MANY = 60_000


def at_once(province, *works):
    """Run each piece of work on a connection of its own."""
    failures = []

    def run(work):
        try:
            with in_province(province):
                work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


@contextmanager
def told_of_seals():
    """A connection to which the database itself says that a seal was committed."""
    with owner_connection() as owner:
        owner.execute(
            "CREATE FUNCTION p01.tell_seal() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_notify('seals', NEW.id::text); RETURN NEW; END $$;"
            "CREATE TRIGGER tell AFTER INSERT ON p01.audit_auditseal"
            " FOR EACH ROW EXECUTE FUNCTION p01.tell_seal(); LISTEN seals"
        )
        yield owner


def test_an_entry_that_commits_late_is_sealed_with_those_it_came_before(real):
    written, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            act("slow")
            written.set()
            assert go_on.wait(30)

    thread = threading.Thread(target=at_once, args=(real, slow))
    thread.start()
    assert written.wait(30)
    act("quick")
    assert seal_ledger(AUDIT) == 0
    go_on.set()
    thread.join(60)
    assert seal_ledger(AUDIT) == 2
    verdict = verify_ledger(AUDIT)
    assert (verdict.entries, verdict.waiting, verdict.faults) == (2, 0, ())


def test_writers_and_two_sealers_at_once_leave_one_sound_chain(real):
    def write():
        for _ in range(40):
            act()

    def keep_sealing():
        for _ in range(15):
            seal_ledger(AUDIT, batch=7)

    at_once(real, write, write, keep_sealing, keep_sealing)
    seal_ledger(AUDIT)
    verdict = verify_ledger(AUDIT)
    assert (verdict.entries, verdict.waiting, verdict.faults) == (80, 0, ())


def test_a_sealer_that_is_killed_leaves_whole_seals_and_the_next_goes_on(real):
    with owner_connection() as owner:
        owner.execute(
            "INSERT INTO p01.audit_auditentry"
            " (actor_name, verb, object_type, object_id, address, changes)"
            " SELECT 'x', 'tested', 'thing', n::text, '', '{}' FROM generate_series(1, %s) AS n",
            [MANY],
        )
    with told_of_seals() as seals:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "verify_audit", "--province", "01"],
            env=databases.environment(),
            stdout=subprocess.DEVNULL,
        )
        assert len(list(seals.notifies(timeout=60, stop_after=3))) >= 3
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    left = verify_ledger(AUDIT)
    assert left.is_sound
    assert 0 < left.entries < MANY
    assert left.entries % 1000 == 0
    seal_ledger(AUDIT)
    verdict = verify_ledger(AUDIT)
    assert (verdict.entries, verdict.waiting, verdict.faults) == (MANY, 0, ())


def test_the_command_seals_keeps_heads_and_names_what_is_wrong(real, tmp_path):
    heads = tmp_path / "heads.txt"
    ids = [act().pk for _ in range(3)]
    assert "BROKEN" not in manage("verify_audit", "--province", "01", "--write-heads", str(heads))
    assert AuditSeal.objects.get().entries == 3
    assert heads.read_text().startswith("01 audit 1 ")
    sound = manage("verify_audit", "--province", "01", "--expect", str(heads))
    assert "sound" in sound or "ត្រឹមត្រូវ" in sound
    with tampering("audit_auditentry") as owner:
        owner.execute("UPDATE p01.audit_auditentry SET verb = 'other' WHERE id = %s", [ids[1]])
    told = manage("verify_audit", "--province", "01", check=False)
    assert str(ids[1]) in told
    assert AuditEntry.objects.count() == 3


def test_an_unknown_place_or_file_is_refused(real, tmp_path):
    (tmp_path / "other.txt").write_text("hello")
    with pytest.raises(CommandError):
        call_command("verify_audit", province="77")
    with pytest.raises(CommandError):
        call_command("verify_audit", expect=str(tmp_path / "other.txt"))
