"""A scratch installation: own folder, servers, ports and processes, all gone at the end."""

import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.launch.children import Program
from deploy.launch.configuration import Configuration
from deploy.launch.environment import clean
from deploy.launch.records import Records
from deploy.launch.supervisor import Supervisor
from deploy.launch.system import System
from deploy.selfcheck.problems import CheckError
from owso.embedded import Cluster, Urls
from owso.embedded.ports import listen

CHECKOUT = Path(__file__).resolve().parents[2]
FIRST_PORT = 18000
_LOOK_SECONDS = 0.1
_TAIL = 1500


class Installation:
    """Everything one self-check runs on."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="owso-selfcheck-"))
        self.folder.chmod(0o711)
        self.configuration = Configuration(CHECKOUT, self.folder / "data", _own(variables))
        self.cluster = Cluster(self.configuration.data, scratch=True)
        self.cluster.make_folder()
        self.records = Records(self.configuration.data)
        self.supervisor = Supervisor(self.cluster, self.records)
        self.urls = Urls(owner="", app="", redis="")
        self.port = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Inside, the whole system runs and what falls is started again."""
        self.records.take()
        self.urls = self.supervisor.start_servers()
        with listen(FIRST_PORT) as listener:
            self.port = listener.getsockname()[1]
            system = System(self.configuration, self.urls, self.port, self.supervisor)
            system.prepare("selfcheck")
            system.start_web(listener)
            system.start_jobs()
            with self._looked_after():
                yield

    def stop_programs(self) -> None:
        """End web, worker and clock; the servers go on."""
        self.supervisor.stop_programs()

    def worker(self) -> Program:
        """The worker as it runs at this moment."""
        return self.supervisor.program("worker")

    def run(self, module: str, *, told: str = "") -> Any:
        """Run one of the programs beside us inside the installation; returns its JSON."""
        environment = self.configuration.process_environment(self.urls, port=self.port)
        done = subprocess.run(
            [self.configuration.python, "-m", module],
            cwd=CHECKOUT,
            env={**environment, "DJANGO_SETTINGS_MODULE": "owso.settings"},
            input=told,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CheckError(f"{module} failed:\n{done.stderr[-_TAIL:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def last_words(self) -> str:
        """The end of what the web server and the worker wrote, for whoever looks for a cause."""
        logs = [self.configuration.logs / f"{name}.log" for name in ("worker", "web")]
        ends = (log.read_text("utf-8", "replace")[-_TAIL:] for log in logs if log.exists())
        return "\n".join(ends)

    def discard(self) -> None:
        """End every process and remove every file."""
        self.supervisor.stop()
        self.records.release()
        self.cluster.discard()
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def _looked_after(self) -> Iterator[None]:
        is_over = threading.Event()

        def look() -> None:
            while not is_over.wait(_LOOK_SECONDS):
                self.supervisor.look()

        thread = threading.Thread(target=look, name="supervisor", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()


def _own(variables: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without addresses and settings of a real installation."""
    foreign = ("DATABASE_", "REDIS_", "OWSO_", "SECRET_", "MASTER_", "PUBLIC_", "SENTRY_")
    kept = clean(dict(variables))
    return {name: value for name, value in kept.items() if not name.startswith(foreign)} | {
        "LOG_LEVEL": "WARNING",
        "IS_HTTPS": "0",
    }
