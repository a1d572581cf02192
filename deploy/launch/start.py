"""`run.py start` and `run.py stop`: bring everything up, look after it, end it."""

import argparse
from dataclasses import dataclass

from deploy.launch import frontend, progress, translations
from deploy.launch.configuration import DEFAULT_PORT, Configuration
from deploy.launch.progress import say
from deploy.launch.records import Records, Running
from deploy.launch.supervisor import Supervisor, ended_by_signals, ignore_signals
from deploy.launch.system import System
from owso.embedded import Cluster
from owso.embedded.ports import listen
from owso.embedded.processes import end, myself

_STOP_SECONDS = 60.0


@dataclass(frozen=True)
class Options:
    """What may be said after `start`."""

    port: int
    with_demo: bool
    with_simulator: bool


def read_options(words: list[str]) -> Options:
    """Parse the words; argparse explains itself and ends the program on nonsense."""
    parser = argparse.ArgumentParser(prog="run.py start")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--no-demo", action="store_true")
    parser.add_argument("--no-simulator", action="store_true")
    found = parser.parse_args(words)
    if not 1 <= found.port <= 65535:
        parser.error(f"--port must be between 1 and 65535, not {found.port}.")
    return Options(found.port, not found.no_demo, not found.no_simulator)


def start(configuration: Configuration, words: list[str]) -> int:
    """Run the whole system until Ctrl-C, SIGTERM or `run.py stop`."""
    options = read_options(words)
    configuration.refuse_half_a_database()
    cluster = Cluster(
        configuration.data,
        postgres=configuration.has_own_postgres,
        valkey=configuration.has_own_valkey,
        around=progress.step,
    )
    cluster.make_folder()
    records = Records(configuration.data)
    if not records.take():
        running = records.running()
        say(f"Already running: {running.url}" if running else "Another start is under way.")
        return 0
    supervisor = Supervisor(cluster, records)
    with ended_by_signals():
        try:
            _run(configuration, options, records, supervisor)
        except KeyboardInterrupt:
            say("\nStopping.")
        finally:
            ignore_signals()
            supervisor.stop()
            records.release()
    say("Stopped.")
    return 0


def _run(
    configuration: Configuration, options: Options, records: Records, supervisor: Supervisor
) -> None:
    if ended := records.end_leftovers():
        say(f"  ended {ended} processes that a killed start had left")
    sources = frontend.build(configuration, shown=True)
    translations.compile_all(configuration.checkout)
    urls = supervisor.start_servers()
    with listen(options.port) as listener:
        port = listener.getsockname()[1]
        system = System(configuration, urls, port, supervisor)
        system.prepare(sources)
        shown = system.start_phones() if options.with_demo else ""
        system.start_web(listener)
        if port != options.port:
            say(f"      the pages are on port {port}, because {options.port} is taken")
        system.start_jobs()
        me = myself()
        records.set_running(Running(me.pid, me.started, port, system.url))
        say(f"\n{system.url}   Ctrl-C or `python3 run.py stop` ends everything.\n")
        if shown:
            say(f"{shown}   what the phones of the demonstration receive.\n")
        if options.with_demo:
            system.start_demo(with_simulator=options.with_simulator)
        supervisor.watch()


def stop(configuration: Configuration) -> int:
    """End the running system; without one, whatever a killed one has left."""
    records = Records(configuration.data)
    running = records.running()
    if running is not None:
        if end(running.identity(), seconds=_STOP_SECONDS):
            say("Stopped.")
            return 0
        say(f"Process {running.pid} does not end.")
        return 1
    if not configuration.data.exists() or not records.take():
        say("Nothing is running." if not configuration.data.exists() else "A start is under way.")
        return 0
    ended = records.end_leftovers()
    records.release()
    say(
        f"Ended {ended} processes that a killed start had left." if ended else "Nothing is running."
    )
    return 0
