"""Both embedded servers of one data folder, for whoever needs them: start, use, stop."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from owso.embedded.keys import keys_of
from owso.embedded.places import programs, server_account, server_folder
from owso.embedded.postgres import APP, OWNER, Postgres
from owso.embedded.problems import ServerError
from owso.embedded.processes import Identity, myself
from owso.embedded.server import Server
from owso.embedded.valkey import Valkey


@dataclass(frozen=True)
class Urls:
    """Addresses of the running servers; empty for a server that was not asked for."""

    owner: str
    app: str
    redis: str


class Cluster:
    """PostgreSQL and Valkey over one data folder.

    `scratch` gives up durability (no fsync) for data that will be thrown away. When another
    living process already runs the servers of this folder, they are used and left alone at the end.
    `around` is entered with each server's name while it starts, to show progress.
    """

    def __init__(
        self,
        data: Path,
        *,
        scratch: bool = False,
        postgres: bool = True,
        valkey: bool = True,
        around: Callable[[str], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.data = data
        self.notes: list[str] = []
        self.is_borrowed = False
        self._scratch = scratch
        self._around = around
        self._wanted = (postgres, valkey)
        self.servers: list[Server] = []
        self._state = data / "cluster.json"

    def start(self) -> Urls:
        """Start what is not running yet; raises ServerError with a sentence for people."""
        self.make_folder()
        with self._alone():
            if (urls := self._running_elsewhere()) is not None:
                self.is_borrowed = True
                return urls
            self.servers = self._build()
            try:
                for server in self.servers:
                    self._start(server)
            except BaseException:
                self.stop()
                raise
            urls = self._urls()
            self._record(urls)
        return urls

    def stop(self) -> None:
        """Stop the servers that this object started, PostgreSQL last."""
        for server in reversed(self.servers):
            server.stop()
        if self.servers:
            self._state.unlink(missing_ok=True)
        self.servers = []

    def discard(self) -> None:
        """Stop the servers and remove every file of theirs, wherever it was put."""
        self.stop()
        folder = server_folder(self.data, account=server_account(), scratch=self._scratch)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)

    def __enter__(self) -> Urls:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def make_folder(self) -> None:
        """Make the data folder; raises ServerError when it is another user's."""
        if not self.data.exists():
            self.data.mkdir(parents=True)
            # The servers' user passes through; what is secret inside has modes of its own.
            self.data.chmod(0o711)
        if not os.access(self.data, os.R_OK | os.W_OK | os.X_OK):
            raise ServerError(
                f"{self.data} belongs to another user: set OWSO_DATA to a folder of your own."
            )
        (self.data / "logs").mkdir(mode=0o700, exist_ok=True)

    def _build(self) -> list[Server]:
        account = server_account()
        folder = server_folder(self.data, account=account, scratch=self._scratch)
        if folder != self.data:
            self.notes.append(f"the servers' files are in {folder}: {self.data} is private to root")
        keys = keys_of(self.data)
        tools = programs(account=account, scratch=self._scratch)
        place = {"folder": folder, "account": account, "logs": self.data / "logs"}
        servers: list[Server] = []
        if self._wanted[0]:
            servers.append(Postgres(programs=tools, keys=keys, scratch=self._scratch, **place))
        if self._wanted[1]:
            servers.append(Valkey(programs=tools, keys=keys, **place))
        return servers

    def _start(self, server: Server) -> None:
        with self._around(server.name):
            port = server.start()
        if port != server.preferred_port:
            self.notes.append(
                f"{server.name} listens on port {port}, because {server.preferred_port} is taken"
            )

    def _urls(self) -> Urls:
        owner = app = redis = ""
        for server in self.servers:
            if isinstance(server, Postgres):
                owner, app = server.url(OWNER), server.url(APP)
            elif isinstance(server, Valkey):
                redis = server.url()
        return Urls(owner=owner, app=app, redis=redis)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.data / "cluster.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _record(self, urls: Urls) -> None:
        owner = myself()
        state = {"pid": owner.pid, "started": owner.started, "urls": vars(urls)}
        self._state.touch(mode=0o600)
        self._state.write_text(json.dumps(state), encoding="utf-8")

    def _running_elsewhere(self) -> Urls | None:
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None
        if not Identity(state["pid"], state["started"]).is_alive():
            return None
        urls = Urls(**state["urls"])
        wants_postgres, wants_valkey = self._wanted
        if (wants_postgres and not urls.app) or (wants_valkey and not urls.redis):
            raise ServerError(
                "The running system uses other servers (DATABASE_URL, REDIS_URL) than this "
                "command was given: stop it first, or give both the same environment."
            )
        return urls
