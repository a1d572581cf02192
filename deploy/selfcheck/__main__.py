"""`run.py selfcheck`: plays a scripted day on a scratch installation and reports what it found."""

import argparse
import json
import os
import secrets
import signal
import sys
import time

from deploy.launch import progress
from deploy.launch.problems import LaunchError
from deploy.launch.progress import say
from deploy.launch.supervisor import ended_by_signals, ignore_signals
from deploy.selfcheck.browser import Keys
from deploy.selfcheck.day import Day
from deploy.selfcheck.http_probes import probe_hosts
from deploy.selfcheck.installation import Installation
from deploy.selfcheck.plan import Plan
from deploy.selfcheck.problems import CheckError
from deploy.selfcheck.report import Counted, Probes, Report
from deploy.selfcheck.second_step import new_secret
from deploy.selfcheck.sql_probes import probe_database
from deploy.selfcheck.watching import Watch, freshness
from owso.embedded.problems import ServerError

KILLS = 2
CATCH_UP_SECONDS = 30.0


def main(words: list[str]) -> int:
    """Check; the exit code is 0 for a sound installation and 1 for any difference."""
    parser = argparse.ArgumentParser(prog="run.py selfcheck", description=__doc__)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    options = parser.parse_args(words)
    with ended_by_signals():
        installation = Installation(os.environ)
        try:
            report = _checked(installation)
        except (CheckError, LaunchError, ServerError) as error:
            say(f"\n{error}\n{installation.last_words()}")
            return 1
        except KeyboardInterrupt:
            say("\nStopping.")
            return 130
        finally:
            ignore_signals()
            installation.discard()
    for line in report.lines():
        say(line)
    if options.json:
        sys.stdout.write(json.dumps(report.as_json()) + "\n")
    return 0 if report.is_sound else 1


def _checked(installation: Installation) -> Report:
    started = time.monotonic()
    with installation.running():
        with progress.step("staff"):
            plan = _plan(installation)
        day = Day(plan, installation.port)
        watch = Watch(installation.port, plan.public_host, plan.keys)
        with progress.step("the day"):
            kills = _play(installation, day, watch)
        probes = _probed(installation, day)
    with progress.step("recount"):
        installation.stop_programs()
        counted: Counted = installation.run("deploy.selfcheck.recounting")
    registered = {code: tally.registered_at for code, tally in day.tallies.items()}
    return Report(
        tallies=day.tallies,
        counted=counted,
        freshness=freshness(watch.looks, registered),
        probes=probes,
        kills=kills,
        seconds=time.monotonic() - started,
        problems=[*day.problems, *watch.problems],
    )


def _plan(installation: Installation) -> Plan:
    keys = Keys(password=secrets.token_urlsafe(16), secret=new_secret())
    told = f"{keys.password}\n{keys.secret}"
    found = installation.run("deploy.selfcheck.hiring", told=told)
    return Plan.read(found, keys=keys)


def _play(installation: Installation, day: Day, watch: Watch) -> int:
    """Play the day while the worker is killed on the way; returns how often it was."""
    killed: list[int] = []
    moments = {len(day.plan.provinces) * turn // (KILLS + 1) for turn in range(1, KILLS + 1)}

    def after_each(done: int) -> None:
        worker = installation.worker().process
        if done in moments and worker is not None:
            os.killpg(worker.pid, signal.SIGKILL)
            killed.append(worker.pid)

    watch.start()
    try:
        day.play(after_each=after_each)
        wanted = {code: tally.requests for code, tally in day.tallies.items()}
        watch.wait_for(wanted, seconds=CATCH_UP_SECONDS)
    finally:
        watch.stop()
    return len(set(killed))


def _probed(installation: Installation, day: Day) -> Probes:
    with progress.step("isolation, by SQL"):
        probes = probe_database(installation.urls.app, day.plan)
    with progress.step("isolation, by HTTP"):
        probes.add(probe_hosts(day))
    return probes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
