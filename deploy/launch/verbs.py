"""The verbs of run.py beside start and stop, and the table of them all."""

import argparse
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.launch import checks, frontend, translations
from deploy.launch.configuration import DEFAULT_PORT, Configuration, configure
from deploy.launch.problems import LaunchError
from deploy.launch.records import Records
from deploy.launch.start import start, stop
from deploy.launch.system import QUEUES, one_more_worker
from owso.embedded import Cluster, Urls
from owso.embedded.problems import ServerError

# A process that has done its part takes over tests of the other one.
_WORKERS = ("-n", "2", "--dist", "worksteal")
_OWN_WORKERS = ("-n", "--numprocesses", "--pdb", "no:xdist")


def run_verb(verb: str, words: list[str], *, checkout: Path) -> int:
    """Run one verb with the words behind it; the return value is the exit code."""
    verbs: dict[str, Callable[[Configuration, list[str]], int]] = {
        "start": start,
        "stop": lambda configuration, _words: stop(configuration),
        "test": test,
        "check": lambda configuration, _words: checks.check(configuration),
        "manage": manage,
        "worker": worker,
        "selfcheck": lambda configuration, words: module(configuration, "deploy.selfcheck", words),
        "bench": lambda configuration, words: module(configuration, "tests.benchmarks", words),
    }
    if verb not in verbs:
        raise LaunchError(f"There is no verb {verb!r}: python3 run.py --help")
    try:
        return verbs[verb](configure(checkout), words)
    except ServerError as error:
        raise LaunchError(str(error)) from error


def test(configuration: Configuration, words: list[str]) -> int:
    """All tests in random order on two processes; the exit code is pytest's."""
    frontend.build(configuration, shown=False)
    translations.compile_all(configuration.checkout, shown=False)
    asked = any(word.startswith(_OWN_WORKERS) for word in words)
    return _run(
        configuration,
        ["-m", "pytest", *([] if asked else _WORKERS), *words],
        environment=_plain_environment(configuration),
        folder=configuration.checkout,
    )


def manage(configuration: Configuration, words: list[str]) -> int:
    """A command of Django's with the owner's rights, from the caller's own folder."""
    translations.compile_all(configuration.checkout, shown=False)
    configuration.refuse_half_a_database()
    with _servers(configuration) as urls:
        environment = configuration.process_environment(
            urls, port=_port(configuration), as_owner=True
        )
        command = [str(configuration.checkout / "manage.py"), *words]
        return _run(configuration, command, environment=environment)


def worker(configuration: Configuration, words: list[str]) -> int:
    """One more worker, in the foreground, for all queues or for the one that is named."""
    queues, rest = read_queues(words)
    translations.compile_all(configuration.checkout, shown=False)
    with _servers(configuration) as urls:
        environment = configuration.process_environment(urls, port=_port(configuration))
        return _run(
            configuration,
            [*one_more_worker(queues), *rest],
            environment=environment,
            folder=configuration.checkout,
        )


def read_queues(words: list[str]) -> tuple[list[str], list[str]]:
    """Tell the queues that `--queue NAME` asks for (all without it), and the words left over."""
    parser = argparse.ArgumentParser(prog="python3 run.py worker", add_help=False)
    parser.add_argument("--queue", action="append", choices=list(QUEUES))
    asked, rest = parser.parse_known_args(words)
    return asked.queue or list(QUEUES), rest


def module(configuration: Configuration, name: str, words: list[str]) -> int:
    """A program of ours that brings its own scratch servers."""
    frontend.build(configuration, shown=False)
    translations.compile_all(configuration.checkout, shown=False)
    return _run(configuration, ["-m", name, *words], environment=_plain_environment(configuration))


def _plain_environment(configuration: Configuration) -> dict[str, str]:
    own = {"PYTHONPATH": configuration.python_path, "PYTHONUTF8": "1"}
    return dict(configuration.variables) | own


def _port(configuration: Configuration) -> int:
    running = Records(configuration.data).running()
    return running.port if running else DEFAULT_PORT


@contextmanager
def _servers(configuration: Configuration) -> Iterator[Urls]:
    with Cluster(
        configuration.data,
        postgres=configuration.has_own_postgres,
        valkey=configuration.has_own_valkey,
    ) as urls:
        yield urls


def _run(
    configuration: Configuration,
    words: list[str],
    *,
    environment: dict[str, str],
    folder: Path | None = None,
) -> int:
    # Ctrl-C reaches the command as well: it ends itself, and we clean up after it.
    signal.signal(signal.SIGINT, lambda _number, _frame: None)
    command = [configuration.python, *words]
    return subprocess.run(command, env=environment, cwd=folder, check=False).returncode
