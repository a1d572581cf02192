"""`run.py check`: every linter, two at a time; what they say is printed only when they object."""

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from deploy.launch import frontend, translations
from deploy.launch.configuration import Configuration
from deploy.launch.progress import say
from owso.embedded import Cluster

_SOURCES = ("platform/owso", "tenants", "services", "analytics", "api", "deploy", "tests")
_SINGLE_FILES = ("run.py", "manage.py", "README.md", "pyproject.toml", "package.json")
_TEXTS = {".py", ".html", ".md", ".toml", ".json", ".po", ".scss", ".js", ".mjs", ".yaml", ".sql"}
# Somebody's home folder in a committed file works on one machine only.
_MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users)/\w")
_AT_ONCE = 2
_DEPLOYMENT = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
_AUDIT = ("-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", "requirements.lock")
_UNREACHABLE = (
    "ConnectionError",
    "Max retries",
    "Failed to establish",
    "timed out",
    "ServiceError",
)


@dataclass
class Check:
    """One linter: its name and its words; `excuses` in its output make a failure a skip."""

    name: str
    command: list[str]
    excuses: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Running:
    check: Check
    output: IO[str]
    process: subprocess.Popen[str]
    started: float


def check(configuration: Configuration) -> int:
    """Run every check; 0 when none objects."""
    frontend.build(configuration, shown=False)
    translations.compile_all(configuration.checkout, shown=False)
    failed = []
    for name, problems in _own_checks(configuration.checkout):
        if problems:
            say(f"  {name}\n    " + "\n    ".join(problems))
            failed.append(name)
    with tempfile.TemporaryDirectory() as folder:
        own = replace(configuration, data=Path(folder) / "data")
        scratch = Cluster(own.data, scratch=True)
        try:
            environment = own.process_environment(scratch.start(), as_owner=True)
            failed += _run_all(configuration, environment)
        finally:
            scratch.discard()
    say(f"\n{', '.join(failed)}: problems found." if failed else "\nNo problems found.")
    return 1 if failed else 0


def linters(configuration: Configuration) -> list[Check]:
    """The table of outside checks, the longest first so that the others run beside it."""
    python, tools = configuration.python, configuration.checkout / ".venv/bin"
    templates = [str(path) for path in _files(configuration.checkout) if path.suffix == ".html"]
    return [
        Check("mypy", [python, "-m", "mypy"]),
        Check(
            "imports",
            [str(python), "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        ),
        Check("ruff", [python, "-m", "ruff", "check"]),
        Check("ruff format", [python, "-m", "ruff", "format", "--check"]),
        Check("djade", [str(tools / "djade"), "--check", *templates]),
        Check("typos", [str(tools / "typos")]),
        Check("messages", [python, "-m", "owso.message_check"]),
        Check("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"]),
        # As it will be served: behind a proxy that speaks TLS.
        Check("deployment", [python, *_DEPLOYMENT], variables={"IS_HTTPS": "1"}),
        Check("pip-audit", [python, *_AUDIT], excuses=_UNREACHABLE),
    ]


def _run_all(configuration: Configuration, environment: dict[str, str]) -> list[str]:
    waiting, running, failed = linters(configuration), list[_Running](), list[str]()
    while waiting or running:
        while waiting and len(running) < _AT_ONCE:
            running.append(_begin(waiting.pop(0), configuration.checkout, environment))
        for one in list(running):
            try:
                one.process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                continue
            running.remove(one)
            if not _passed(one):
                failed.append(one.check.name)
    return failed


def _begin(check: Check, folder: Path, environment: dict[str, str]) -> _Running:
    output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed by _passed)
    process = subprocess.Popen(
        check.command,
        cwd=folder,
        env={**environment, **check.variables},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        text=True,
    )
    return _Running(check, output, process, time.monotonic())


def _passed(one: _Running) -> bool:
    seconds = time.monotonic() - one.started
    with one.output as output:
        output.seek(0)
        told = output.read()
    passed = one.process.returncode == 0
    excused = not passed and any(excuse in told for excuse in one.check.excuses)
    word = "" if passed else "  not reachable, left out" if excused else "  FAILED"
    say(f"  {one.check.name:<26} {seconds:6.1f} s{word}")
    if not passed and not excused:
        say(told.rstrip())
    return passed or excused


def _own_checks(checkout: Path) -> Iterator[tuple[str, list[str]]]:
    lock = (checkout / "requirements.lock").read_text(encoding="utf-8")
    yield (
        "requirements.lock",
        ["it names the address of a package index"] if "://" in lock else [],
    )
    yield (
        "paths",
        [
            f"{path.relative_to(checkout)}: a path of one machine: {found[0]}"
            for path in _files(checkout)
            if path.suffix in _TEXTS and (found := _MACHINE_PATH.search(path.read_text("utf-8")))
        ],
    )


def _files(checkout: Path) -> list[Path]:
    found = [path for folder in _SOURCES for path in sorted((checkout / folder).rglob("*"))]
    found += [checkout / name for name in _SINGLE_FILES]
    return [path for path in found if path.is_file() and "dist" not in path.parts]
