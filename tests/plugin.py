"""Starts a scratch PostgreSQL and Valkey for each test process, before Django reads its settings.

Each of xdist's workers has servers of its own: an open transaction of one worker would hold
back the folding of events in the other, as PostgreSQL counts transactions by server.
With DATABASE_URL set, the servers named there are used.
"""

import os
import secrets
import shutil
from pathlib import Path

import pytest

from owso.embedded import Cluster
from tests.memory import scratch_folder

OWN_SERVERS = "OWSO_TEST_OWN_SERVERS"


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


def _servers(folder: Path) -> Cluster:
    cluster = Cluster(folder / "servers", scratch=True)
    urls = cluster.start()
    os.environ["DATABASE_URL"] = urls.app
    os.environ["DATABASE_OWNER_URL"] = urls.owner
    os.environ["REDIS_URL"] = urls.redis
    return cluster


os.environ.setdefault(OWN_SERVERS, "0" if "DATABASE_URL" in os.environ else "1")
_folder = scratch_folder()
os.environ.update(_environment(_folder))
os.environ.pop("OWSO_OWNER", None)
_cluster = _servers(_folder) if os.environ[OWN_SERVERS] == "1" else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers with the run."""
    if _cluster is not None:
        _cluster.discard()
    shutil.rmtree(_folder, ignore_errors=True)
