"""A scratch installation to measure on: servers, provinces, history, web server, worker."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from owso.embedded import Cluster

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def say(text: str) -> None:
    """Print progress where it does not disturb the JSON."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """Everything one run measures on; thrown away at the end."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="owso-bench-"))
        self.folder.chmod(0o755)
        self.cluster = Cluster(self.folder / "servers", scratch=True)
        self.port = free_port()
        self.environment: dict[str, str] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start the servers and provision the country."""
        urls = self.cluster.start()
        self.environment = {
            **os.environ,
            "DATABASE_URL": urls.app,
            "DATABASE_OWNER_URL": urls.owner,
            "REDIS_URL": urls.redis,
            "SECRET_KEY": secrets.token_hex(32),
            "MASTER_KEY": secrets.token_hex(32),
            "PUBLIC_HOST": "localhost",
            "PUBLIC_PORT": str(self.port),
            "ALLOWED_HOSTS": ".localhost,127.0.0.1",
            "OWSO_DATA": str(self.folder),
            "OWSO_DEMO": "1",
            # Each simulated client has an address of its own, as limits go by address.
            "TRUSTED_PROXIES": "1",
            "LOG_LEVEL": "ERROR",
            "DEBUG": "0",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
        }

    def manage(self, *words: str) -> str:
        """Run a management command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def run_python(self, module: str, *words: str, settings: str = "owso.settings") -> str:
        """Run a module of the benchmarks with Django set up, and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words],
            env={**self.environment, "DJANGO_SETTINGS_MODULE": settings},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    @contextmanager
    def web(self, settings: str, application: str = "owso.wsgi") -> Iterator[int]:
        """Serve with the production configuration of gunicorn; gives the port."""
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            str(ROOT / "deploy/gunicorn.py"),
            "-b",
            f"127.0.0.1:{port}",
            application,
        ]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": settings},
            start_new_session=True,
        )
        self.processes[f"web {settings}"] = process
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE)

    @contextmanager
    def worker(self) -> Iterator[list[subprocess.Popen[bytes]]]:
        """Run the Celery workers and the beat as `run.py` does."""
        from deploy.launch.system import CELERY, LONG_WORKER, WORKER

        running = [
            subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for words in (
                WORKER,
                LONG_WORKER,
                (*CELERY, "beat", "--pidfile=", f"--schedule={self.folder}/clock"),
            )
        ]
        try:
            yield running
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(PATIENCE)

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement as the owner."""
        url = self.environment["DATABASE_OWNER_URL"]
        with psycopg.connect(url, autocommit=True) as db:
            cursor = db.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        """End everything and remove the folder."""
        for process in self.processes.values():
            if process.poll() is None:
                process.kill()
        self.cluster.discard()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_for(port: int) -> None:
    """Wait until something listens on the port.

    Raises TimeoutError after a minute.
    """
    until = time.monotonic() + PATIENCE
    pause = 0.05
    while time.monotonic() < until:
        with socket.socket() as probe:
            probe.settimeout(pause)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        select_nothing(pause)
    raise TimeoutError(f"Nothing listens on port {port}.")


def wait_for_page(port: int) -> None:
    """Wait until the front page is served, not only until something holds the port.

    Raises TimeoutError after a minute.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/", timeout=1) as answer:
                answer.read()
                return
        except OSError:
            select_nothing(0.05)
    raise TimeoutError(f"Nobody serves a page on port {port}.")


def select_nothing(seconds: float) -> None:
    """Wait without an event to wait for."""
    import threading

    threading.Event().wait(seconds)


def size_of(text: str) -> int:
    """Return the number that 100k, 1M or 250 means."""
    match = re.fullmatch(r"(\d+)([kM]?)", text)
    if not match:
        raise ValueError(f"A size is a number, with k or M behind it: {text!r}")
    return int(match[1]) * {"": 1, "k": 1_000, "M": 1_000_000}[match[2]]
