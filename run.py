"""The one command: brings up the whole system, tests it, checks it, stops it.

Needs nothing but Python 3.11; `python3 run.py --help` tells the verbs.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (told to those who start it with an older one)
    sys.exit("OWSO needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "platform")]

from deploy.launch import environment  # noqa: E402 (after the version is known to do)
from deploy.launch.problems import LaunchError  # noqa: E402 (the same)

HELP = """\
python3 run.py [VERB] [...]

  start         the whole system with demo data (the same as no verb at all)
                  --port N         where the pages are served (8000)
                  --no-demo        no invented history
                  --no-simulator   nobody works at the offices while you look
  stop          end the running system and everything it started
  test ...      all tests; what follows is handed to pytest
  check         every linter
  manage ...    Django's commands, against the running system or one started for the moment
  worker        a Celery worker in the foreground, beside the running system
                  --queue NAME     quick or long only (both)
  selfcheck     a scripted day on scratch data: is this installation sound? (--json)
  bench         the measurements (--json, --size 100k|1M|10M, --only NAME)

Data is kept in .data (or the folder that OWSO_DATA names), each process's log in logs below it.
DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL, set in the environment or in .env, take the place
of the servers that come along; .env.example lists every setting.
"""
READY = "OWSO_ENVIRONMENT_READY"


def main(arguments: list[str]) -> int:
    """Run one verb; the return value is the exit code."""
    verb = "start" if not arguments or arguments[0].startswith("--") else arguments[0]
    if verb == "help" or "--help" in arguments[:1] or "-h" in arguments[:1]:
        print(HELP)
        return 0
    try:
        enter_environment(arguments, shown=verb == "start")
        from deploy.launch.verbs import run_verb

        return run_verb(verb, arguments[arguments[:1] == [verb] :], checkout=CHECKOUT)
    except LaunchError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def enter_environment(arguments: list[str], *, shown: bool) -> None:
    """Make .venv what it should be and continue as a process inside it."""
    if os.environ.pop(READY, ""):
        return
    environment.ensure(CHECKOUT, shown=shown)
    if not environment.is_inside(CHECKOUT):
        python = str(environment.python_of(CHECKOUT))
        variables = environment.clean(dict(os.environ)) | {READY: "1"}
        os.execve(python, [python, str(CHECKOUT / "run.py"), *arguments], variables)  # noqa: S606 (no shell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
