"""The launcher's small parts: stamps, settings, environments, messages for people."""

import dataclasses
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.launch import environment, stamps
from deploy.launch.configuration import Configuration, read_env_file
from deploy.launch.problems import LaunchError
from deploy.launch.start import read_options
from deploy.launch.system import one_more_worker
from deploy.launch.verbs import read_queues
from owso.embedded import Urls
from owso.embedded.keys import keys_of
from owso.embedded.places import Account, can_reach, own_folder
from owso.embedded.problems import ServerError

ROOT = Path(__file__).resolve().parents[2]
URLS = Urls(owner="postgresql://owner", app="postgresql://app", redis="redis://cache")


@pytest.fixture
def configuration(tmp_path):
    return Configuration(tmp_path, tmp_path, {"PATH": "/bin", "HOME": "/"})


def test_a_stamp_is_current_for_exactly_the_content_it_was_set_for(tmp_path):
    source, stamp = tmp_path / "assets", tmp_path / "stamp"
    source.mkdir()
    (source / "a.scss").write_text("a")
    stamps.set_stamp(stamp, stamps.digest_of([source]))
    assert stamps.is_current(stamp, stamps.digest_of([source]))
    (source / "a.scss").write_text("b")
    assert not stamps.is_current(stamp, stamps.digest_of([source]))


def test_a_renamed_file_changes_the_digest(tmp_path):
    source = tmp_path / "assets"
    source.mkdir()
    (source / "a").write_text("same")
    before = stamps.digest_of([source])
    (source / "a").rename(source / "b")
    assert stamps.digest_of([source]) != before


def test_the_digest_does_not_depend_on_where_the_checkout_is(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "assets").mkdir(parents=True)
        (tmp_path / name / "assets/a").write_text("same")
    one, two = (stamps.digest_of([tmp_path / name / "assets"]) for name in ("one", "two"))
    assert one == two


def test_settings_are_read_from_the_file_and_comments_left_out(tmp_path):
    file = tmp_path / ".env"
    file.write_text('# why\n\nPUBLIC_HOST=owso.example\nLOG_LEVEL = "INFO"\nSENTRY_DSN=a=b\n')
    with pytest.raises(LaunchError, match="line 4"):
        read_env_file(file)
    file.write_text(file.read_text().replace("LOG_LEVEL =", "LOG_LEVEL="))
    assert read_env_file(file) == {
        "PUBLIC_HOST": "owso.example",
        "LOG_LEVEL": "INFO",
        "SENTRY_DSN": "a=b",
    }


def test_what_steers_python_or_postgresql_does_not_reach_the_processes():
    kept = environment.clean({"PGHOST": "x", "PYTHONPATH": "y", "LANG": "C", "HOME": "/"})
    assert set(kept) == {"LANG", "HOME", "PATH"}


def test_an_empty_environment_gets_a_path_and_a_home():
    kept = environment.clean({})
    assert Path(kept["HOME"]).is_absolute()
    assert "/usr/bin" in kept["PATH"].split(":")


def test_only_the_owners_commands_learn_the_owners_address(configuration):
    assert "DATABASE_OWNER_URL" not in configuration.process_environment(URLS)
    as_owner = configuration.process_environment(URLS, as_owner=True)
    assert as_owner["DATABASE_OWNER_URL"] == URLS.owner
    assert as_owner["DATABASE_URL"] == URLS.app


def test_servers_named_in_the_environment_take_the_place_of_our_own(configuration):
    named = {"DATABASE_URL": "postgresql://real", "DATABASE_OWNER_URL": "postgresql://realowner"}
    outside = dataclasses.replace(configuration, variables={**configuration.variables, **named})
    assert not outside.has_own_postgres
    assert outside.has_own_valkey
    outside.refuse_half_a_database()
    given = outside.process_environment(URLS)
    assert given["DATABASE_URL"] == "postgresql://real"
    assert given["REDIS_URL"] == URLS.redis
    assert "DATABASE_OWNER_URL" not in given


def test_a_data_base_without_its_owner_is_refused(configuration):
    half = dataclasses.replace(configuration, variables={"DATABASE_URL": "postgresql://real"})
    with pytest.raises(LaunchError, match="DATABASE_OWNER_URL"):
        half.refuse_half_a_database()


def test_keys_are_drawn_once_and_others_cannot_read_them(tmp_path):
    keys = keys_of(tmp_path)
    assert keys_of(tmp_path) == keys
    assert len({*dataclasses.astuple(keys)}) == len(dataclasses.fields(keys))
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_a_private_folder_anywhere_above_is_out_of_reach(tmp_path):
    private = tmp_path / "home" / "checkout"
    private.mkdir(parents=True)
    stranger = Account(uid=os.geteuid() + 12345, gid=12345)
    for folder in (private, private.parent, tmp_path):
        folder.chmod(0o711)
    private.parent.chmod(0o700)
    assert not can_reach(private, account=stranger)
    assert can_reach(private, account=None)


def test_a_folder_that_others_may_write_in_is_not_ours(tmp_path):
    folder = tmp_path / "owso"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(ServerError, match="belongs to somebody else"):
        own_folder(folder, mode=0o711)


def test_a_link_in_place_of_our_folder_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "owso").symlink_to(tmp_path / "real")
    with pytest.raises(ServerError, match="belongs to somebody else"):
        own_folder(tmp_path / "owso", mode=0o711)


@pytest.mark.parametrize("words", [["--port", "0"], ["--port", "70000"], ["--prot", "1"]])
def test_nonsense_after_start_is_refused(words):
    with pytest.raises(SystemExit):
        read_options(words)


def test_one_more_worker_serves_every_queue_or_the_one_that_is_named():
    queues, rest = read_queues(["--loglevel=info"])
    assert rest == ["--loglevel=info"]
    assert "--queues=owso,owso-long,owso-notices" in one_more_worker(queues)
    assert "--queues=owso-long" in one_more_worker(read_queues(["--queue", "long"])[0])
    with pytest.raises(SystemExit):
        read_queues(["--queue", "slow"])


def test_an_unknown_verb_is_told_in_one_sentence():
    done = subprocess.run(
        [sys.executable, ROOT / "run.py", "begin"],
        env={"OWSO_ENVIRONMENT_READY": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.strip() == "There is no verb 'begin': python3 run.py --help"


def test_the_help_names_every_verb():
    told = subprocess.run(
        [sys.executable, ROOT / "run.py", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for verb in ("start", "stop", "test", "check", "manage", "worker", "selfcheck", "bench"):
        assert f"\n  {verb} " in told
