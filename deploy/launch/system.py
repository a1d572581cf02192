"""The processes of one running system: how each is called, in which order they come up."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deploy.launch import phones, progress, stamps
from deploy.launch.children import Program
from deploy.launch.configuration import Configuration
from deploy.launch.problems import LaunchError
from deploy.launch.supervisor import Supervisor
from owso.embedded import Urls
from owso.embedded.ports import LOOPBACK, free_port

CELERY = ("-m", "celery", "--app", "owso.celery")
# One process each on a small machine; what it was doing when killed is done again (acks late).
_WORKER = (*CELERY, "worker", "--concurrency=1", "--without-gossip", "--without-mingle")
QUEUES = {"quick": "owso", "long": "owso-long", "notices": "owso-notices"}
WORKER = (*_WORKER, f"--queues={QUEUES['quick']}")
LONG_WORKER = (*_WORKER, f"--queues={QUEUES['long']}", "--hostname=long@%h")
# A provider that answers slowly holds up nobody's figures.
NOTICE_WORKER = (*_WORKER, f"--queues={QUEUES['notices']}", "--hostname=notices@%h")
_WEB_SECONDS = 60.0
# Files of packages that no page of ours asks for; compressing them would cost seconds.
_UNUSED_STATIC = ("--ignore=rest_framework", "--ignore=django_htmx")
_STATIC_ROOTS = ("platform/owso", "services", "analytics", "api")
_LOG_TAIL = 2000


def one_more_worker(queues: Sequence[str]) -> tuple[str, ...]:
    """A worker beside the running ones, for these of QUEUES; its name is its own."""
    served = ",".join(QUEUES[queue] for queue in queues)
    return (*_WORKER, f"--queues={served}", f"--hostname=more-{os.getpid()}@%h")


class System:
    """Prepares and starts everything that belongs to Django, on one port."""

    def __init__(
        self, configuration: Configuration, urls: Urls, port: int, supervisor: Supervisor
    ) -> None:
        self._configuration = configuration
        self._supervisor = supervisor
        self._app = configuration.process_environment(urls, port=port)
        self._owner = configuration.process_environment(urls, port=port, as_owner=True)
        self._port = port
        host = self._app["PUBLIC_HOST"].partition(",")[0]
        self.url = f"http://{host}:{port}/"

    def prepare(self, sources: str) -> None:
        """Migrate, provision and collect the static files; each is quick when nothing changed."""
        with progress.step("provinces"):
            self._manage("provision_all")
        checkout, data = self._configuration.checkout, self._configuration.data
        folders = [found for root in _STATIC_ROOTS for found in (checkout / root).rglob("static")]
        digest = stamps.digest_of(sorted(folders), extra=sources)
        manifest = Path(self._app.get("STATIC_ROOT", data / "static")) / "staticfiles.json"
        with progress.step("static files"):
            if not (stamps.is_current(data / "static.stamp", digest) and manifest.exists()):
                self._manage("collectstatic", "--noinput", "--clear", *_UNUSED_STATIC)
                stamps.set_stamp(data / "static.stamp", digest)

    def start_web(self, listener: socket.socket) -> None:
        """Start the pages on a socket that is ours already, and wait for the first answer."""
        with progress.step("web"):
            handle = listener.fileno()
            serve = ("-m", "gunicorn", "-c", "deploy/gunicorn.py", "--bind", f"fd://{handle}")
            web = self._program("web", *serve, "owso.wsgi:application", keep_open=(handle,))
            self._supervisor.add(web)
            self._wait_for_the_first_page(web)

    def start_jobs(self) -> None:
        """Start the workers and the clock that sends them their periodic tasks."""
        with progress.step("workers and clock"):
            self._supervisor.add(self._program("worker", *WORKER))
            self._supervisor.add(self._program("long-worker", *LONG_WORKER))
            self._supervisor.add(self._program("notice-worker", *NOTICE_WORKER))
            schedule = self._configuration.data / "clock"
            beat = (*CELERY, "beat", "--pidfile=", f"--schedule={schedule}")
            self._supervisor.add(self._program("clock", *beat))

    def start_phones(self) -> str:
        """Start the stand-in phones of a demonstration; return their page, "" with real providers.

        Before everything that sends: their address is a setting of the web server and the workers.
        """
        if not phones.is_wanted(self._configuration.variables):
            return ""
        port = free_port(phones.PREFERRED_PORT)
        self._app |= phones.settings_of(port)
        serve = ("manage.py", "phones", "--port", str(port))
        program = self._program("phones", *serve, environment=self._app | {"OWSO_DEMO": "1"})
        self._supervisor.add(program)
        return f"http://{LOOPBACK}:{port}/"

    def start_demo(self, *, with_simulator: bool) -> None:
        """Make accounts, print them, invent the history meanwhile, then let people work."""
        more: dict[str, Any] = {"environment": self._app | {"OWSO_DEMO": "1"}}
        once: dict[str, Any] = {"runs_once": True, **more}
        seed, show = ("manage.py", "seed_demo"), ("manage.py", "demo_logins")
        for program in (
            self._program("demo staff", *seed, "--only-staff", **once),
            self._program("log-ins", *show, after="demo staff", speaks=True, **once),
            self._program("demo data", *seed, after="demo staff", **once),
            self._program("codes", *show, "--only-codes", after="demo data", speaks=True, **once),
        ):
            self._supervisor.add(program)
        if with_simulator:
            simulate = ("manage.py", "simulate")
            self._supervisor.add(self._program("simulator", *simulate, after="demo data", **more))

    def _program(self, name: str, *words: str, **more: Any) -> Program:
        return Program(
            name=name,
            command=[self._configuration.python, *words],
            folder=self._configuration.checkout,
            logs=self._configuration.logs,
            **{"environment": self._app} | more,
        )

    def _manage(self, *words: str) -> None:
        done = subprocess.run(
            [self._configuration.python, "manage.py", *words],
            cwd=self._configuration.checkout,
            env=self._owner,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            told = (done.stdout + done.stderr).strip()[-_LOG_TAIL:]
            raise LaunchError(f"manage.py {words[0]} failed:\n{told}")

    def _wait_for_the_first_page(self, web: Program) -> None:
        deadline = time.monotonic() + _WEB_SECONDS
        while time.monotonic() < deadline:
            if web.exit_code() is not None:
                raise LaunchError(f"The web server ended at once:\n{_tail(web.log)}")
            if self._answers():
                return
        raise LaunchError(f"No page within {_WEB_SECONDS:.0f} s:\n{_tail(web.log)}")

    def _answers(self) -> bool:
        # The socket listens before gunicorn does: the connection waits there for its answer.
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:] if log.exists() else ""
