"""Rows measured through the web server: tracking, registering, advancing, the national page."""

import itertools
import json
import secrets
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from tests.benchmarks import load, plain_build
from tests.benchmarks.installation import Installation
from tests.benchmarks.prepare import SERVICE
from tests.benchmarks.rows import Row

SETTINGS = "tests.benchmarks.settings"
CSRF = "b" * 32
PROVINCES = ("01", "02", "08", "12")
CLIENTS = 16
REQUESTS = 1500
ROUNDS = 5
WHOLE = "everything"


def _address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def clerks(site: Installation) -> dict[str, Any]:
    """Return sessions, offices and codes of the measured provinces."""
    found: dict[str, Any] = json.loads(site.run_python("tests.benchmarks.prepare", *PROVINCES))
    return found


def expect(outcome: load.Outcome, *statuses: int) -> None:
    """Raise AssertionError when an answer had another status."""
    wrong = {code: n for code, n in outcome.statuses.items() if code not in statuses}
    if wrong:
        raise AssertionError(f"Unexpected answers: {wrong}")


def tracking(site: Installation, size: str) -> list[Row]:
    """Look codes of several provinces up beside a bare view on the same server."""
    people = clerks(site)["clerks"]
    codes = [code for person in people for code in person["codes"]]
    with site.web(SETTINGS) as port:

        def ask(path: str, number: int) -> bytes:
            headers = {"X-Forwarded-For": _address(number)}
            return load.get(path, host="localhost", headers=headers)

        bare = [ask("/bare/", number) for number in range(REQUESTS)]
        pages = [ask(f"/t/{secrets.choice(codes)}", number) for number in range(REQUESTS)]
        # Every connection plans the page once a province, every process reads the terms once.
        load.run(iter(pages * 2), port=port, clients=8)
        floor, found = load.in_turn(bare, pages, port=port, clients=8, rounds=ROUNDS)
    expect(found, 200)
    return [
        Row("tracking", found.rate, "req/s", size, floor.rate, "bare view, same server"),
        Row("tracking_p95", found.percentile(0.95) * 1000, "ms", size),
    ]


def _registration(person: dict[str, Any]) -> bytes:
    body = {
        "service": SERVICE,
        "office": person["office"],
        "applicant": {
            "full_name": "សុខ សុភា",
            "sex": "f",
            "phone": f"012{secrets.randbelow(900000) + 100000}",
        },
        "payment": {"method": "cash", "currency": "KHR"},
    }
    headers = {**_clerk_headers(person), "Idempotency-Key": str(uuid4())}
    return load.post(
        "/api/v1/requests/", json.dumps(body).encode(), host=person["host"], headers=headers
    )


def _clerk_headers(person: dict[str, Any]) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "Cookie": f"owso_session={person['session']}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "X-Forwarded-For": _address(secrets.randbelow(1 << 24)),
    }


def register(site: Installation, size: str) -> list[Row]:
    """Register with payment through the API, beside the plain build and bare SQL."""
    people = clerks(site)["clerks"]
    asks = [_registration(person) for person in itertools.islice(_around(people), REQUESTS)]
    with site.web(SETTINGS) as port:
        load.run(iter(asks[:100]), port=port, clients=CLIENTS)
        found = load.run(iter(asks[100:]), port=port, clients=CLIENTS)
    expect(found, 201)
    plain = _plain_register(site)
    raw = float(site.run_python("tests.benchmarks.raw_sql"))
    return [
        Row("register", found.rate, "req/s", size, plain, "plain django-tenants + DRF"),
        Row("register_to_raw_sql", found.rate, "req/s", size, raw, "the same inserts in SQL"),
        Row("register_p95", found.percentile(0.95) * 1000, "ms", size),
    ]


def _around(people: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return itertools.cycle(people)


def _plain_register(site: Installation) -> float:
    sessions = plain_build.plain_sessions(site)
    asks = []
    for host, session in itertools.islice(itertools.cycle(sessions.items()), REQUESTS):
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "X-CSRFToken": CSRF,
        }
        body = json.dumps({"applicant": "សុខ សុភា", "service": SERVICE, "amount": 40000}).encode()
        asks.append(load.post("/requests/", body, host=host, headers=headers))
    with site.web(plain_build.SETTINGS, plain_build.APPLICATION) as port:
        load.run(iter(asks[:100]), port=port, clients=CLIENTS)
        outcome = load.run(iter(asks[100:]), port=port, clients=CLIENTS)
    expect(outcome, 201)
    return outcome.rate


def advance(site: Installation, size: str) -> list[Row]:
    """Finish the first stage of waiting requests, beside the bare view."""
    people = clerks(site)["clerks"]
    asks = [
        load.post(
            f"/api/v1/requests/{code}/advance/",
            b'{"stage_number": 1}',
            host=person["host"],
            headers=_clerk_headers(person),
        )
        for person in people
        for code in person["waiting"]
    ]
    bare = [
        load.get("/bare/", host="localhost", headers={"X-Forwarded-For": _address(number)})
        for number in range(REQUESTS)
    ]
    with site.web(SETTINGS) as port:
        load.run(iter(bare[:200]), port=port, clients=CLIENTS)
        floor = load.run(iter(bare), port=port, clients=CLIENTS)
        found = load.run(iter(asks), port=port, clients=CLIENTS)
    # A seeded request may still owe its fee: the rule refuses it, which costs as much.
    expect(found, 200, 409, 422)
    done = found.statuses.get(200, 0)
    return [
        Row("advance", found.rate * done / len(asks), "req/s", size, floor.rate, "bare view"),
        Row("advance_p95", found.percentile(0.95) * 1000, "ms", size),
    ]


def national_page(site: Installation, size: str) -> list[Row]:
    """Ask for the national page of everything, beside the same figures in plain SQL."""
    session = clerks(site)["ministry"]
    rows = []
    with site.web(SETTINGS) as port:
        for period in ("today", "30-days", WHOLE):
            ask = load.get(
                f"/national/?period={period}",
                host="localhost",
                headers={"Cookie": f"owso_session={session}"},
            )
            load.run(iter([ask] * 3), port=port, clients=1)
            found = load.run(iter([ask] * 15), port=port, clients=1)
            expect(found, 200)
            name = "national_page" + ("" if period == WHOLE else f"_{period.replace('-', '_')}")
            rows.append((name, found.percentile(0.5)))
    floor = _plain_national(site)
    *parts, (name, seconds) = rows
    text = "the same totals in plain SQL over the rows"
    return [Row(part, its_seconds * 1000, "ms", size) for part, its_seconds in parts] + [
        Row(name, seconds * 1000, "ms", size, floor * 1000, text)
    ]


def _plain_national(site: Installation) -> float:
    import time

    schemas = [row[0] for row in site.sql("SELECT schema_name FROM tenants_province ORDER BY code")]
    started = time.perf_counter()
    union = " UNION ALL ".join(
        f"SELECT '{schema}' AS p, was_late, duration_minutes FROM {schema}.national_request"
        for schema in schemas
    )
    site.sql(
        "SELECT p, count(*), count(*) FILTER (WHERE NOT was_late),"
        " percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY duration_minutes)"
        f" FROM ({union}) r GROUP BY GROUPING SETS ((p), ())"
    )
    return time.perf_counter() - started
