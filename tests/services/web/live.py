"""The pages on a real server with a real Chromium in front, for the tests that need both."""

import atexit
import os
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import psutil
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, sync_playwright
from psycopg.conninfo import make_conninfo

from tests.databases import ROOT, _url, owner_connection

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_S = 30.0
APPLICATION = "live-pages"
NONE: Mapping[str, str] = {}


class _Standing:
    """The server of this run: the application is loaded once, and answers in fresh processes.

    Each test gets a process of its own, copied from the loaded one: what an earlier test left in
    memory, caches and connections, ended with its process.
    """

    def __init__(self, static_root: Path, variables: Mapping[str, str] = NONE) -> None:
        self.port = _free_port()
        name = connection.settings_dict["NAME"]
        environment = {
            **os.environ,
            "DATABASE_URL": make_conninfo(_url(name, owner=False), application_name=APPLICATION),
            "STATIC_ROOT": str(static_root),
            "PUBLIC_PORT": str(self.port),
            "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}",
            "OWSO_DATA": str(settings.DATA_DIR),
            **variables,
        }
        command = [sys.executable, "-m", "gunicorn", "owso.wsgi", "--preload", "--threads", "4"]
        self._process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{self.port}", "--graceful-timeout", "2"],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        atexit.register(self.end)

    def renew(self) -> None:
        """End the answering process, with its connections; another takes its place."""
        for child in psutil.Process(self._process.pid).children():
            child.kill()
            child.wait(PATIENCE_S)
        _wait_for_goodbye()

    def end(self) -> None:
        """End the server."""
        self._process.terminate()
        self._process.wait(PATIENCE_S)


_standing: dict[Path, _Standing] = {}


@contextmanager
def server(static_root: Path) -> Iterator[int]:
    """Serve this worker's database on a free port, as a deployment does; gives the port."""
    if static_root not in _standing:
        _standing[static_root] = _Standing(static_root)
    standing = _standing[static_root]
    try:
        _wait_for(standing.port)
        yield standing.port
    finally:
        standing.renew()


@contextmanager
def own_server(static_root: Path, variables: Mapping[str, str]) -> Iterator[int]:
    """Serve as `server` does, by a process with settings of its own that ends with the test."""
    own = _Standing(static_root, variables)
    try:
        _wait_for(own.port)
        yield own.port
    finally:
        own.end()
        _wait_for_goodbye()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium; playwright's own download is not needed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE_S * 50)):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except (URLError, OSError):
            pause.wait(0.02)
    raise AssertionError("The server did not start.")


def _wait_for_goodbye() -> None:
    """Let PostgreSQL notice that the server's connections are gone; the owner may not end them."""
    pause = threading.Event()
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
    with owner_connection() as db:
        for _ in range(int(PATIENCE_S * 50)):
            if db.execute(count, [APPLICATION]).fetchone() == (0,):
                return
            pause.wait(0.02)
    raise AssertionError("The server's connections stayed open.")
