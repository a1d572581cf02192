"""Identity of processes: nobody is signalled for having somebody else's number."""

import os
import signal
import subprocess
import sys

import pytest

from deploy.launch.records import Records, Running
from owso.embedded.processes import (
    Identity,
    command_line,
    end,
    identity_of,
    myself,
    tether,
    wait_gone,
    working_inside,
)

STAY = [sys.executable, "-c", "import sys; print('up', flush=True); sys.stdin.read()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, sys; signal.signal(15, signal.SIG_IGN); print('up', flush=True);"
    "sys.stdin.read()",
]


def who_has(pid) -> Identity:
    identity = identity_of(pid)
    assert identity is not None
    return identity


@pytest.fixture
def started():
    """Start programs that stay until they are ended, each in a group of its own."""
    children: list[subprocess.Popen[bytes]] = []

    def start(command=STAY, **more):
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            **more,
        )
        assert next(iter(child.stdout or ())) == b"up\n"
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


def test_a_process_is_alive_under_its_own_identity_only(started):
    child = started()
    identity = who_has(child.pid)
    assert identity.is_alive()
    assert not Identity(child.pid, "another start").is_alive()


def test_a_zombie_is_not_alive(started):
    child = started()
    identity = who_has(child.pid)
    child.kill()
    assert wait_gone(identity, seconds=5)
    assert child.returncode is None  # its exit code was not fetched yet
    assert identity_of(child.pid) is None


def test_ending_is_kind_first(started):
    child = started()
    assert end(who_has(child.pid), seconds=5)
    assert child.wait() == -signal.SIGTERM


def test_who_ignores_the_kind_signal_is_killed(started):
    child = started(STUBBORN)
    assert end(who_has(child.pid), seconds=0.2)
    assert child.wait() == -signal.SIGKILL


def test_a_reused_pid_is_never_signalled(started):
    child = started()
    assert end(Identity(child.pid, "the one before"), seconds=0.1)
    assert child.poll() is None


def test_processes_are_found_by_the_folder_they_work_in(started, tmp_path):
    child = started(cwd=tmp_path)
    assert [who.pid for who in working_inside(tmp_path)] == [child.pid]
    assert sys.executable in command_line(child.pid)


def test_a_tethered_child_ends_when_its_parent_is_killed(started):
    source = (
        "import os, signal, subprocess, sys; from owso.embedded.processes import tether;"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'],"
        " preexec_fn=tether(signal.SIGTERM));"
        "print('up', flush=True); print(child.pid, flush=True); sys.stdin.read()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    parent = started([sys.executable, "-c", source], env=environment)
    grandchild = who_has(int(parent.stdout.readline()))
    assert grandchild.is_alive()
    parent.kill()
    assert wait_gone(grandchild, seconds=5)


def test_a_tether_lets_go_of_blocked_signals(started):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        child = started(preexec_fn=tether(signal.SIGTERM))
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    child.terminate()
    assert child.wait(timeout=5) == -signal.SIGTERM


def test_leftovers_of_a_killed_supervisor_are_ended_and_strangers_left(started, tmp_path):
    leftover, stranger = started(), started()
    records = Records(tmp_path)
    records.set_processes(
        [
            (who_has(leftover.pid), signal.SIGTERM),
            (Identity(stranger.pid, "long ago"), signal.SIGTERM),
        ]
    )
    assert records.end_leftovers() == 1
    assert leftover.wait(timeout=5) == -signal.SIGTERM
    assert stranger.poll() is None
    assert records.end_leftovers() == 0


def test_only_one_supervisor_takes_a_data_folder(tmp_path):
    first, second = Records(tmp_path), Records(tmp_path)
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


def test_a_recorded_supervisor_counts_while_it_lives_only(tmp_path):
    records, me = Records(tmp_path), myself()
    records.set_running(Running(me.pid, me.started, 8000, "http://localhost:8000/"))
    running = records.running()
    assert running is not None
    assert running.url == "http://localhost:8000/"
    records.set_running(Running(me.pid, "another start", 8000, "http://localhost:8000/"))
    assert records.running() is None


def test_a_half_written_record_is_no_record(tmp_path):
    (tmp_path / "running.json").write_text('{"pid": 1')
    assert Records(tmp_path).running() is None
