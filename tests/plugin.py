"""Starts one scratch PostgreSQL and Valkey for a test run, before Django reads its settings.

The controller starts them; xdist's workers inherit the addresses through the environment.
With DATABASE_URL set, the servers named there are used.
"""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

import pytest

from owso.embedded import Cluster

KEY = "_owso_cluster"


def _environment(data: Path) -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_hex(32),
        "MASTER_KEY": secrets.token_hex(32),
        "PUBLIC_HOST": "localhost",
        "ALLOWED_HOSTS": ".localhost,127.0.0.1,testserver",
        "OWSO_DATA": str(data),
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
    }


_cluster: Cluster | None = None
_folder: Path | None = None
if "PYTEST_XDIST_WORKER" not in os.environ:
    _folder = Path(tempfile.mkdtemp(prefix="owso-test-"))
    _folder.chmod(0o755)
    for _name, _value in _environment(_folder).items():
        os.environ[_name] = _value
    if "DATABASE_URL" not in os.environ:
        _cluster = Cluster(_folder / "servers", scratch=True)
        _urls = _cluster.start()
        os.environ["DATABASE_URL"] = _urls.app
        os.environ["DATABASE_OWNER_URL"] = _urls.owner
        os.environ["REDIS_URL"] = _urls.redis
os.environ.pop("OWSO_OWNER", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers with the run."""
    if _cluster is not None:
        _cluster.discard()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
