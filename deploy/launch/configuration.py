"""Where data lives and which environment each process gets."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.launch.environment import clean
from deploy.launch.problems import LaunchError
from owso.embedded import Urls
from owso.embedded.keys import keys_of

DEFAULT_PORT = 8000


@dataclass(frozen=True)
class Configuration:
    """One installation: its checkout, its data folder and the caller's environment."""

    checkout: Path
    data: Path
    variables: Mapping[str, str]

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def python(self) -> str:
        return str(self.checkout / ".venv/bin/python")

    @property
    def python_path(self) -> str:
        """The two source roots."""
        return os.pathsep.join((str(self.checkout / "platform"), str(self.checkout)))

    @property
    def has_own_postgres(self) -> bool:
        """Whether no DATABASE_URL names another one."""
        return not (self.variables.get("DATABASE_URL") or self.variables.get("DATABASE_URL_FILE"))

    @property
    def has_own_valkey(self) -> bool:
        """Whether no REDIS_URL names another one."""
        return not (self.variables.get("REDIS_URL") or self.variables.get("REDIS_URL_FILE"))

    def process_environment(
        self, urls: Urls, *, port: int = DEFAULT_PORT, as_owner: bool = False
    ) -> dict[str, str]:
        """What a Django process gets; only commands that migrate or provision act as the owner.

        What the caller or .env has set stays, except that nobody else learns the owner's address.
        manage.py decides for each command whether it needs the owner's rights.
        """
        keys = keys_of(self.data)
        given = {
            "SECRET_KEY": keys.secret_key,
            "MASTER_KEY": keys.master_key,
            "PUBLIC_HOST": "localhost",
            "PUBLIC_PORT": str(port),
            "ALLOWED_HOSTS": ".localhost,127.0.0.1",
            "DEBUG": "0",
        }
        given |= {name: value for name, value in self.variables.items() if value or name == "DEBUG"}
        given |= {"PYTHONPATH": self.python_path, "PYTHONUTF8": "1", "OWSO_DATA": str(self.data)}
        if self.has_own_postgres:
            given |= {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}
        if self.has_own_valkey:
            given["REDIS_URL"] = urls.redis
        if not as_owner:
            for name in ("DATABASE_OWNER_URL", "DATABASE_OWNER_URL_FILE"):
                given.pop(name, None)
        return given

    def refuse_half_a_database(self) -> None:
        """Raise when DATABASE_URL is given without the owner's address beside it."""
        if self.has_own_postgres or any(
            self.variables.get(name) for name in ("DATABASE_OWNER_URL", "DATABASE_OWNER_URL_FILE")
        ):
            return
        raise LaunchError(
            "DATABASE_URL is set, DATABASE_OWNER_URL is not: preparing the data base needs its "
            "owner (a role with LOGIN and CREATEROLE that owns the data base)."
        )


def configure(checkout: Path) -> Configuration:
    """Read the environment and .env (the environment wins) of this checkout."""
    variables = read_env_file(checkout / ".env") | clean(dict(os.environ))
    folder = variables.pop("OWSO_DATA", "") or str(checkout / ".data")
    variables.pop("OWSO_OWNER", None)
    return Configuration(checkout, Path(folder).absolute(), variables)


def read_env_file(path: Path) -> dict[str, str]:
    """NAME=value lines; blank lines and lines that begin with # are skipped.

    Raises LaunchError for any other line, because a misspelt setting must not pass unseen.
    """
    if not path.is_file():
        return {}
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        name, equals, value = line.strip().partition("=")
        if not name or name.startswith("#"):
            continue
        if not equals or not name.isidentifier():
            raise LaunchError(f"{path}, line {number}: write NAME=value, not {line.strip()!r}.")
        found[name] = value.strip().removeprefix('"').removesuffix('"')
    return found
