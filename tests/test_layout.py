"""The tree stands as it should: nothing shadowed, nothing forgotten, nothing of one machine."""

import importlib
import importlib.metadata
import platform
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FIRST_PARTY = {
    "owso": ROOT / "platform/owso",
    "tenants": ROOT / "tenants",
    "services": ROOT / "services",
    "analytics": ROOT / "analytics",
    "api": ROOT / "api",
}
# Read by run.py, by gunicorn's configuration and by the libraries, not by the settings.
READ_ELSEWHERE = {"WEB_PROCESSES", "WEB_THREADS", "FORWARDED_ALLOW_IPS"}


def test_the_standard_library_s_platform_is_not_shadowed():
    assert Path(platform.__file__).parent == Path(sysconfig.get_path("stdlib"))
    assert not (ROOT / "platform/__init__.py").exists()


@pytest.mark.parametrize("name", FIRST_PARTY)
def test_every_first_party_package_comes_from_this_checkout(name):
    found = {Path(path).resolve() for path in importlib.import_module(name).__path__}
    assert found == {FIRST_PARTY[name]}


def test_no_dependency_ships_one_of_our_names():
    shipped = importlib.metadata.packages_distributions()
    taken = {name: shipped[name] for name in FIRST_PARTY if name in shipped}
    assert not {name: owners for name, owners in taken.items() if owners != ["owso"]}


def test_every_setting_stands_in_the_example():
    told = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    reads = re.compile(r"""\benv\.(?:text|number|flag|words)\(\s*"([A-Z_]+)\"""")
    conditional = re.compile(r'"([A-Z]+(?:_[A-Z]+)*_URL)"')
    modules = ("settings.py", "outside.py")
    settings = "".join((ROOT / "platform/owso" / name).read_text() for name in modules)
    read = {*reads.findall(settings), *conditional.findall(settings)}
    assert read - told == set()
    assert told - read - READ_ELSEWHERE == set()


def test_the_lock_has_a_hash_for_every_package_and_no_address():
    lock = (ROOT / "requirements.lock").read_text()
    pins = re.findall(r"^\S+==\S+.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert len(pins) > 50
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []
    assert "://" not in lock


def test_the_npm_lock_names_no_address_of_a_registry():
    assert '"resolved": "http' not in (ROOT / "package-lock.json").read_text()


def test_the_readme_names_both_commands():
    readme = (ROOT / "README.md").read_text()
    assert re.search(r"^python3 run\.py(\s+#|$)", readme, re.MULTILINE)
    assert re.search(r"^python3 run\.py test(\s+#|$)", readme, re.MULTILINE)


def test_ci_runs_the_readme_s_test_command():
    assert (ROOT / ".ci/run").read_text().rstrip().endswith("\npython3 run.py test")


def test_the_benchmarks_start_without_an_installation():
    """They make their own: nothing they import may ask for settings."""
    path = f"{ROOT / 'platform'}:{ROOT}"
    command = [sys.executable, "-m", "tests.benchmarks", "--help"]
    done = subprocess.run(command, env={"PYTHONPATH": path}, capture_output=True, text=True)
    assert "--size" in done.stdout, done.stderr
