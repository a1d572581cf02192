"""Events, facts and processes for the tests of the national layer."""

import os
import random
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg
from django.db import connection
from psycopg import conninfo, sql

from analytics.facts import FACTS, bucket_of
from tenants.context import as_national, national_of, province_by_code
from tests.databases import ROOT, owner_connection

FIRST_DAY = date(2025, 3, 3)
KINDS = (
    "received", "registered", "paid", "reversed", "advanced", "paused", "resumed", "forwarded",
    "ready", "delivered", "rejected", "withdrawn",
)  # fmt: skip
STOPPED = date(9999, 12, 31)


def province(code="01"):
    """Return a province by its code."""
    found = province_by_code(code)
    assert found is not None
    return found


def random_event(chance: random.Random, *, days=500):
    """Return one event as the offices could have written it."""
    kind = chance.choice(KINDS)
    day = FIRST_DAY + timedelta(days=chance.randrange(days))
    moves = kind in {"advanced", "forwarded", "ready"}
    return {
        "request_id": chance.randrange(1, 1000),
        "kind": kind,
        "occurred_at": f"{day} 09:00+07",
        "occurred_on": day,
        "office_id": chance.randrange(1, 4),
        "office_before_id": chance.randrange(1, 4) if kind == "forwarded" else None,
        "service_id": chance.randrange(1, 4),
        "service_version_id": 1,
        "stage_left": chance.choice(("check", "review")) if moves else "",
        "dwell_minutes": chance.randrange(3000) if moves else None,
        "stage_was_late": chance.random() < 0.2 if moves else None,
        "stage_entered": "sign" if kind in {"registered", "advanced", "forwarded"} else "",
        "due_on_before": chance.choice((None, STOPPED, day)) if kind != "registered" else None,
        "due_on_after": chance.choice((None, STOPPED, day + timedelta(days=chance.randrange(9)))),
        "amount_riel": {"paid": 4000, "reversed": -1500}.get(kind, 0),
        "duration_minutes": chance.choice((7, 55, chance.randrange(60_000)))
        if kind == "ready"
        else None,
        "was_late": chance.random() < 0.1 if kind in {"ready", "rejected"} else None,
        "is_imported": False,
    }


def random_events(count, *, seed=1, **kwargs):
    """Return events of a seeded chance."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    return [random_event(chance, **kwargs) for _ in range(count)]


def write_events(events, code="01", *, using=None):
    """Append events to a province past its foreign keys; commits unless `using` has begun."""
    _drop_references(code)
    db = using or owner_connection()
    try:
        columns = list(events[0])
        insert = sql.SQL("INSERT INTO {}.requests_requestevent ({}) VALUES ({})").format(
            sql.Identifier(f"p{code}"),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(sql.Placeholder(column) for column in columns),
        )
        with nullcontext() if using else db.transaction(), db.cursor() as cursor:
            cursor.executemany(insert, events)
    finally:
        if using is None:
            db.close()


def _drop_references(code):
    """Let events stand alone; the worker's database is made anew after the test."""
    with owner_connection() as db:
        table = f"p{code}.requests_requestevent"
        names = db.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        ).fetchall()
        for (name,) in names:
            db.execute(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
                    sql.Identifier(f"p{code}", "requests_requestevent"), sql.Identifier(name)
                )
            )


def facts_of(found):
    """Return every fact of a province: {table: {key: sums}}."""
    kept = {}
    with as_national(), connection.cursor() as cursor:
        for fact in FACTS:
            cursor.execute(
                sql.SQL("SELECT {} FROM {} WHERE province_id = %s").format(
                    sql.SQL(", ").join(map(sql.Identifier, (*fact.keys, *fact.sums))),
                    sql.Identifier(fact.table),
                ),
                [found.pk],
            )
            width = len(fact.keys)
            kept[fact.table.removeprefix("analytics_")] = {
                row[:width]: row[width:] for row in cursor.fetchall()
            }
    return kept


def position_of(found):
    """Return the cursor's (xact_id, event_id, events_folded), None before the first fold."""
    with national_of(found), connection.cursor() as cursor:
        cursor.execute(
            "SELECT xact_id, event_id, events_folded FROM analytics_foldcursor"
            " WHERE province_id = %s",
            [found.pk],
        )
        return cursor.fetchone()


def counted_by_hand(events):
    """Return the facts of events, counted one event at a time without any SQL."""
    hand: dict[str, Counter] = {
        name: Counter() for name in ("stage", "dwell", "exact", "bucket", "office", "open")
    }
    for event in events:
        _count_stages(hand, event)
        _count_duration(hand, event)
        _count_open(hand, event)
    return {name: Counter({k: n for k, n in counts.items() if n}) for name, counts in hand.items()}


def _count_stages(hand, event):
    day, service = event["occurred_on"], event["service_id"]
    before = event["office_before_id"] or event["office_id"]
    if event["stage_left"]:
        key = (before, service, event["stage_left"], day)
        hand["stage"][(*key, "departed")] += 1
        hand["stage"][(*key, "late")] += bool(event["stage_was_late"])
        hand["stage"][(*key, "dwell_minutes")] += event["dwell_minutes"]
        month = day.replace(day=1)
        hand["dwell"][(service, event["stage_left"], month, event["dwell_minutes"])] += 1
    if event["stage_entered"]:
        entered = (event["office_id"], service, event["stage_entered"], day, "entered")
        hand["stage"][entered] += 1


def _count_duration(hand, event):
    minutes = event["duration_minutes"]
    if minutes is None:
        return
    day = event["occurred_on"]
    for grain, start in (
        ("d", day),
        ("m", day.replace(day=1)),
        ("y", day.replace(month=1, day=1)),
    ):
        hand["exact"][(grain, start, minutes)] += 1
        hand["bucket"][(grain, start, bucket_of(minutes))] += 1
    hand["office"][(event["office_id"], event["service_id"], day.replace(day=1), minutes)] += 1


def _count_open(hand, event):
    before = event["office_before_id"] or event["office_id"]
    if event["due_on_before"]:
        hand["open"][(before, event["service_id"], event["due_on_before"])] -= 1
    if event["due_on_after"]:
        hand["open"][(event["office_id"], event["service_id"], event["due_on_after"])] += 1


def app_url():
    """Return the address of this worker's database for the application's login."""
    parts = conninfo.conninfo_to_dict(os.environ["DATABASE_URL"])
    return conninfo.make_conninfo(**{**parts, "dbname": connection.settings_dict["NAME"]})


def start_fold(code="01", *, batch=50_000):
    """Start a fold in a process of its own, under the application's login."""
    script = (
        "import django; django.setup();"
        "from analytics.folding import fold; from tenants.context import province_by_code;"
        f"print(fold(province_by_code({code!r}), batch={batch}))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": app_url(),
            "PYTHONPATH": f"{ROOT}/platform:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "owso.settings",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def halted_fold(code="01"):
    """Start a fold and hold it fast in the middle; give its process and database backend.

    It goes on when the block is left.
    """
    with psycopg.connect(app_url(), autocommit=True) as watcher, owner_connection() as locker:
        locker.autocommit = False
        locker.execute("LOCK TABLE analytics_provinceday IN SHARE ROW EXCLUSIVE MODE")
        process = start_fold(code)
        try:
            yield process, Backend(watcher, _blocked_backend(locker))
        finally:
            locker.rollback()


@dataclass(frozen=True)
class Backend:
    """The database's side of a fold in another process."""

    db: psycopg.Connection
    pid: int

    def terminate(self):
        """End it as an administrator would, and wait until it is gone."""
        self.db.execute("SELECT pg_terminate_backend(%s, 5000)", [self.pid])


def _blocked_backend(db):
    for _turn in range(600):
        row = db.execute(
            "SELECT pid FROM pg_locks WHERE NOT granted"
            " AND relation = 'public.analytics_provinceday'::regclass"
        ).fetchone()
        if row:
            return row[0]
        db.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("The fold never came to the lock.")
