"""The whole system by its own command, as a person starts, uses and ends it."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from owso.embedded.ports import LOOPBACK, free_port, is_free
from owso.embedded.processes import command_line
from tests.memory import scratch_folder

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.system


@pytest.fixture
def data():
    folder = scratch_folder("a system ")
    yield folder / "data"
    run("stop", data=folder / "data")
    shutil.rmtree(folder)


def environment(data):
    return {"OWSO_DATA": str(data), "PATH": os.environ["PATH"]}


def run(*words, data):
    return subprocess.run(
        [sys.executable, ROOT / "run.py", *words],
        env=environment(data),
        capture_output=True,
        text=True,
        check=False,
    )


def start(*words, data):
    """Start in the background and read on until the address is told."""
    started = subprocess.Popen(
        [sys.executable, ROOT / "run.py", *words],
        env=environment(data),
        stderr=subprocess.PIPE,
        text=True,
    )
    told = ""
    for line in started.stderr or ():
        told += line
        if "ends everything" in line:
            return started, told
    raise AssertionError(told)


def left_over(data):
    """Processes that still have to do with the data folder, by command line or log."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        if pid != os.getpid() and str(data) in command_line(pid):
            found.append(command_line(pid))
    return found


def page(port, path="/", host="localhost"):
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_it_serves_on_another_port_ends_without_a_trace_and_survives_a_kill(data):
    """One provisioning for both: what is killed is a system that was ended well before."""
    starts_serves_and_ends(data)
    a_killed_start_blocks_nothing(data)


def starts_serves_and_ends(data):
    with socket.socket() as squatter:
        squatter.bind((LOOPBACK, 0))
        squatter.listen()
        taken = squatter.getsockname()[1]
        wanted = free_port(taken)
        started, told = start("--no-demo", "--no-simulator", "--port", str(taken), data=data)
        port = int(told.rpartition("http://localhost:")[2].partition("/")[0])
        assert port >= wanted
        assert f"because {taken} is taken" in told
        assert page(port)[0] == 200
        second = run("--port", str(taken), data=data)
        assert second.returncode == 0
        assert f"Already running: http://localhost:{port}/" in second.stderr
        shell = run("manage", "shell", "-v0", "-c", "print(1 + 1)", data=data)
        assert shell.stdout.strip() == "2"
        stopped = run("stop", data=data)
    assert stopped.returncode == 0
    assert started.wait(timeout=60) == 0
    assert is_free(port)
    assert left_over(data) == []
    assert not (data / "postgres/postmaster.pid").exists()


def a_killed_start_blocks_nothing(data):
    started, _ = start("--no-demo", "--no-simulator", data=data)
    started.kill()
    started.wait()
    again, told = start("--no-demo", "--no-simulator", data=data)
    port = int(told.rpartition("http://localhost:")[2].partition("/")[0])
    assert page(port)[0] == 200
    again.send_signal(signal.SIGINT)
    assert again.wait(timeout=60) == 0
    assert left_over(data) == []


def test_stop_without_a_running_system_says_so(data):
    stopped = run("stop", data=data)
    assert stopped.returncode == 0
    assert "Nothing is running" in stopped.stderr
