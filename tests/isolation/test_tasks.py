"""A real worker process: tasks stand in their province or nowhere, whatever ran before them."""

import json
import os
import secrets
import signal
import subprocess
import sys

import pytest
import redis
from django.db import connection
from psycopg import conninfo

from tenants.tasks import UnknownProvinceError
from tests.databases import ROOT
from tests.isolation import probing

PATIENCE = 30


@pytest.fixture(scope="module")
def worker(django_db_setup, tmp_path_factory):
    """A prefork worker of its own queue on the scratch Valkey and this run's database."""
    queue = f"isolation-{secrets.token_hex(4)}"
    base = conninfo.conninfo_to_dict(os.environ["DATABASE_URL"])
    url = conninfo.make_conninfo(**{**base, "dbname": connection.settings_dict["NAME"]})
    command = ["-m", "celery", "-A", "owso.celery", "worker", "-I", probing.__name__, "-Q", queue]
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, *command, "--concurrency=2", "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": f"{ROOT}/platform:{ROOT}"},
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
    yield queue, log
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(PATIENCE)


def answers(number: int) -> list:
    """The next answers of the worker."""
    broker = redis.from_url(os.environ["REDIS_URL"], socket_timeout=PATIENCE + 5)
    found = [broker.blpop(probing.ANSWERS, timeout=PATIENCE) for _ in range(number)]
    assert None not in found
    return [json.loads(answer[1]) for answer in found]


def test_tasks_stand_in_their_province_after_others_and_after_failures(worker):
    queue, _log = worker
    turns = [("p01", "p02"), ("p02", "p12"), ("p12", "p01")] * 4
    for place, (own, neighbour) in enumerate(turns):
        if place % 3 == 1:
            probing.fail_midway.apply_async((own,), queue=queue)
        probing.look_around.apply_async((own, neighbour), queue=queue)
    for code, standing, offices, opened in answers(len(turns)):
        assert standing == [f"owso_p{code}", f"p{code}"]
        assert offices == [code]
        assert opened == []


def test_a_task_without_a_province_stands_in_none(worker):
    queue, _log = worker
    probing.fail_midway.apply_async(("p02",), queue=queue)
    probing.look_without_province.apply_async(queue=queue)
    assert answers(1) == [["", ["owso_portal", "public"], [], []]]


@pytest.mark.parametrize("given", [("p99", "p01"), (None, "p01"), (1, "p01")])
def test_a_province_s_task_without_a_known_province_fails_before_it_runs(worker, given):
    queue, log = worker
    probing.look_around.apply_async(given, queue=queue)
    probing.look_around.apply_async(("p01", "p02"), queue=queue)
    assert [answer[0] for answer in answers(1)] == ["01"]
    assert log.read_text().count("raised unexpected") >= 1


def test_called_in_process_it_fails_the_same_way(db):
    with pytest.raises(UnknownProvinceError):
        probing.look_around("p99", "p01")
    with pytest.raises(TypeError, match="schema_name"):
        probing.look_around.apply_async(())
