"""Rows measured beside the web server: provisioning, folding, freshness, import, start, memory."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import load, web_rows
from tests.benchmarks.installation import (
    PATIENCE,
    ROOT,
    Installation,
    select_nothing,
    wait_for_page,
)
from tests.benchmarks.rows import Row

REGISTER = ROOT.parent / "shared/data/municipal-receipts.csv"
MAPPING = "services/requests/importing/mappings/municipal-receipts.json"


def provision(site: Installation) -> list[Row]:
    """Provision 25 provinces of the full model, beside migrating one the stock way, times 25."""
    site.sql("CREATE DATABASE provisioned TEMPLATE template0 ENCODING 'UTF8'")
    from psycopg import conninfo

    def on(name: str) -> str:
        base = conninfo.conninfo_to_dict(site.environment[name])
        return conninfo.make_conninfo(**{**base, "dbname": "provisioned"})

    environment = {
        **site.environment,
        "DATABASE_URL": on("DATABASE_URL"),
        "DATABASE_OWNER_URL": on("DATABASE_OWNER_URL"),
    }

    def run(*words: str) -> float:
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - started

    run("provision_all", "--only", "01")
    seconds = run("provision_all")
    with_owner = {**environment, "DATABASE_URL": environment["DATABASE_OWNER_URL"]}
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import psycopg,os;psycopg.connect(os.environ['DATABASE_OWNER_URL'],"
            "autocommit=True).execute('CREATE SCHEMA stock')",
        ],
        env=with_owner,
        check=True,
    )
    nothing = run("check")
    stock = run("migrate_schemas", "--schema", "stock", "--tenant", "--noinput") - nothing
    site.sql("DROP DATABASE provisioned WITH (FORCE)")
    return [
        Row("provision", seconds, "s", "24 schemas", stock * 24, "stock migrate of one, times 24")
    ]


def fold(site: Installation, size: str) -> list[Row]:
    """Fold all events from nothing, beside one plain aggregate over the same rows."""
    schemas = [row[0] for row in site.sql("SELECT schema_name FROM tenants_province ORDER BY code")]
    count = sum(
        int(site.sql(f"SELECT count(*) FROM {schema}.requests_requestevent")[0][0])
        for schema in schemas
    )
    started = time.perf_counter()
    site.manage("rebuild_facts")
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    for schema in schemas:
        site.sql(
            f"CREATE TEMP TABLE plain ON COMMIT DROP AS SELECT office_id, service_id, occurred_on,"
            f" count(*), sum(amount_riel) FROM {schema}.requests_requestevent GROUP BY 1, 2, 3"
        )
    floor = time.perf_counter() - started
    return [Row("fold", count / seconds, "events/s", size, count / floor, "plain GROUP BY in SQL")]


def freshness(site: Installation, size: str) -> list[Row]:
    """Seconds from a registration's answer until the national facts hold it."""
    person = web_rows.clerks(site)["clerks"][0]
    waits = []
    with site.web(web_rows.SETTINGS) as port, site.worker():
        select_nothing(8.0)
        for _ in range(20):
            before = _received(site)
            asked = load.run(iter([web_rows._registration(person)]), port=port, clients=1)
            web_rows.expect(asked, 201)
            started = time.perf_counter()
            while _received(site) == before:
                if time.perf_counter() - started > PATIENCE:
                    raise TimeoutError("The fold did not come.")
                select_nothing(0.01)
            waits.append(time.perf_counter() - started)
    ordered = sorted(waits)
    return [
        Row("freshness", ordered[int(0.95 * len(ordered))], "s p95", size),
        Row("freshness_median", ordered[len(ordered) // 2], "s", size),
    ]


def _received(site: Installation) -> int:
    return int(site.sql("SELECT coalesce(sum(received), 0) FROM analytics_provinceday")[0][0])


def imports(site: Installation) -> list[Row]:
    """Import a register, beside COPY of the same file into one table."""
    if not REGISTER.exists():
        return []
    rows = sum(1 for _ in REGISTER.open(encoding="utf-8")) - 1
    started = time.perf_counter()
    site.manage("import_register", str(REGISTER), "--province", "15", "--mapping", MAPPING)
    seconds = time.perf_counter() - started
    started = time.perf_counter()
    site.manage("check")
    seconds -= time.perf_counter() - started
    floor = _copy(site)
    return [
        Row("import", rows / seconds, "rows/s", f"{rows} rows", rows / floor, "COPY of the file")
    ]


def _copy(site: Installation) -> float:
    import csv

    import psycopg

    with REGISTER.open(encoding="utf-8") as file:
        columns = len(next(csv.reader(file)))
    names = ", ".join(f"c{number} text" for number in range(columns))
    started = time.perf_counter()
    with psycopg.connect(site.environment["DATABASE_OWNER_URL"]) as db:
        db.execute(f"CREATE TEMP TABLE copied ({names})")
        with db.cursor().copy("COPY copied FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(REGISTER.read_bytes())
    return time.perf_counter() - started


def cold_start() -> list[Row]:
    """The second start of the whole system to the first page, beside Python importing Django."""
    folder = Path(tempfile.mkdtemp(prefix="owso-start-"))
    folder.chmod(0o755)
    environment = {**os.environ, "OWSO_DATA": str(folder)}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        environment.pop(name, None)
    first = _start_and_stop(environment)
    second = _start_and_stop(environment, measure_memory=True)
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import django.db.models, celery"], check=True)
    floor = time.perf_counter() - started
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    rows = [
        Row("cold_start_first", first[0], "s", "25 schemas"),
        Row("cold_start", second[0], "s", "25 schemas", floor, "Python importing Django"),
    ]
    return rows + [
        Row(f"memory_{name}", megabytes, "MB PSS", "idle") for name, megabytes in second[1].items()
    ]


def _start_and_stop(
    environment: dict[str, str], *, measure_memory: bool = False
) -> tuple[float, dict[str, float]]:
    from tests.benchmarks.installation import free_port

    port = free_port()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), "--no-demo", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_page(port)
        seconds = time.perf_counter() - started
        memory = {}
        if measure_memory:
            select_nothing(12.0)
            memory = _memory(process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)
    return seconds, memory


def _memory(pid: int) -> dict[str, float]:
    """Proportional set size by kind of process, in megabytes."""
    import psutil

    found: dict[str, float] = {}
    root = psutil.Process(pid)
    for process in [root, *root.children(recursive=True)]:
        try:
            words = " ".join(process.cmdline())
            size = process.memory_full_info().pss / 1e6
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
        found[_kind(words)] = found.get(_kind(words), 0.0) + size
    found["total"] = sum(found.values())
    return found


def _kind(words: str) -> str:
    kinds = {
        "gunicorn": "web",
        " beat": "clock",
        " worker": "worker",
        "postgres": "postgres",
        "valkey": "valkey",
        "run.py": "launcher",
    }
    return next((kind for mark, kind in kinds.items() if mark in words), "other")
