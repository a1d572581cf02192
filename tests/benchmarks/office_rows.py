"""Rows of the back office: queue, page of a request and search, beside plain lists of one run."""

import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks import load, plain_build
from tests.benchmarks.installation import Installation, say
from tests.benchmarks.rows import Row
from tests.benchmarks.web_rows import PROVINCES, expect

SETTINGS = "owso.settings"
TABS = ("mine", "role", "office", "today", "late", "opinions", "paused", "ready", "incomplete")
FILTERS = ("stage=check", "stage=draft", f"{urlencode({'text': 'សុខ'})}")
PEOPLE = ("agent", "chief", "signatory")
DEEPEST = 3
PACKED = "gzip, deflate, br"
CLIENTS, ONE_EACH = 8, 2
"""Rates are taken with eight connections, times with one for each of the server's processes."""
A_ROUND, ROUNDS = 120, 3
WARMED, TIMED = 400, 60
_NEXT = re.compile(r'href="\?([^"]*after=[^"]*)"')
Asked = dict[str, list[bytes]]
"""Prepared requests by what they ask for."""
Plain = Callable[[str], load.Outcome]


def staff_of(site: Installation, *words: str) -> list[dict[str, Any]]:
    """Return the staff of the measured provinces with their sessions, files and search words."""
    found: list[dict[str, Any]] = json.loads(
        site.run_python("tests.benchmarks.office_prepare", *words, *PROVINCES)
    )
    return found


def page(path: str, place: dict[str, Any], person: str) -> bytes:
    """Prepare a page as a browser of that person asks for it, in Khmer."""
    headers = {
        "Cookie": f"owso_session={place['sessions'][person]}; owso_language=km",
        "Accept-Encoding": PACKED,
        "Accept-Language": "km",
    }
    return load.get(path, host=place["host"], headers=headers)


def queue(site: Installation, size: str) -> list[Row]:
    """Walk every tab of the queue, its next pages and its filters."""
    places = staff_of(site)
    with _servers(site) as (port, plain):
        asked = _tab_pages(places, port)
        return _rows("queue", asked, size, port=port, plain=plain)


def request_page(site: Installation, size: str) -> list[Row]:
    """Open files in every state, as agent, chief and cashier."""
    asked: Asked = {}
    for place in staff_of(site):
        for person in ("agent", "chief", "cashier"):
            pages = [page(f"/requests/{code}", place, person) for code in place["files"][person]]
            asked.setdefault(person, []).extend(pages)
    with _servers(site) as (port, plain):
        return _rows("request_page", asked, size, port=port, plain=plain)


def search(site: Installation, size: str) -> list[Row]:
    """Find requests by name in several spellings, phone, code and paper."""
    asked: Asked = {}
    for place in staff_of(site):
        for kind, texts in place["texts"].items():
            pages = [page(f"/find?{urlencode({'q': text})}", place, "chief") for text in texts]
            asked.setdefault(kind, []).extend(pages)
    with _servers(site) as (port, plain):
        return _rows("search", asked, size, port=port, plain=plain, statuses=(200, 302, 404))


@contextmanager
def _servers(site: Installation) -> Iterator[tuple[int, Plain]]:
    """Serve the pages and, beside them, the plain build."""
    with plain_server(site) as plain, site.web(SETTINGS) as port:
        yield port, plain


@contextmanager
def plain_server(site: Installation) -> Iterator[Plain]:
    """Serve the plain build; gives how to ask one round of its list, by the list's address."""
    sessions, offices = plain_build.plain_sessions(site), plain_build.fill_plain(site)

    def ask(path: str) -> load.Outcome:
        asks = [
            load.get(
                f"/files/{path}?office={offices[host]}",
                host=host,
                headers={"Cookie": f"sessionid={session}"},
            )
            for host, session in sessions.items()
        ]
        return load.run(iter(asks * (A_ROUND // len(asks))), port=port, clients=CLIENTS)

    with site.web(plain_build.SETTINGS, plain_build.APPLICATION) as port:
        for path in ("", "joined/"):
            expect(ask(path), 200)
        yield ask


def _tab_pages(places: list[dict[str, Any]], port: int) -> Asked:
    """Every tab of everybody and the pages after it, as far as there are any."""
    asked: Asked = {}
    for place in places:
        for person in PEOPLE:
            for tab in TABS:
                _walk(asked, place, person, f"tab={tab}", tab, port)
            for narrowed in FILTERS:
                _walk(asked, place, person, f"tab=office&{narrowed}", "filtered", port)
    return asked


def _walk(
    asked: Asked, place: dict[str, Any], person: str, query: str, name: str, port: int
) -> None:
    for depth in range(DEEPEST):
        ask = page(f"/queue?{query}", place, person)
        readable = ask.replace(PACKED.encode(), b"identity")
        answer = load.run(iter([readable]), port=port, clients=1, keep_bodies=True)
        expect(answer, 200)
        asked.setdefault("next_pages" if depth else name, []).append(ask)
        following = _NEXT.search(answer.bodies[0].decode())
        if following is None:
            return
        query = unescape(following[1])


def _rows(
    name: str,
    asked: Asked,
    size: str,
    *,
    port: int,
    plain: Plain,
    statuses: tuple[int, ...] = (200,),
) -> list[Row]:
    chance = random.Random(name)  # noqa: S311 - the same mixture every run
    everything = [each for pages in asked.values() for each in pages]
    load.run(iter(chance.choices(everything, k=WARMED)), port=port, clients=CLIENTS)
    times, rows = load.Outcome(0.0, []), []
    for what, pages in asked.items():
        one = load.run(iter(chance.choices(pages, k=TIMED)), port=port, clients=ONE_EACH)
        expect(one, *statuses)
        times.add(one)
        rows.append(Row(f"{name}_{what}_p95", one.percentile(0.95) * 1000, "ms", size))
        say(f"  {name} {what}: p50 {one.percentile(0.5) * 1000:.1f} ms")
    found, floors = load.Outcome(0.0, []), (load.Outcome(0.0, []), load.Outcome(0.0, []))
    for _ in range(ROUNDS):
        for floor, path in zip(floors, ("", "joined/"), strict=True):
            floor.add(plain(path))
        mixture = chance.choices(everything, k=2 * A_ROUND)
        found.add(load.run(iter(mixture), port=port, clients=CLIENTS))
    for each in (found, *floors):
        expect(each, *statuses)
    listed, joined = floors
    return [
        Row(name, found.rate, "req/s", size, listed.rate, "plain DRF list, 25 rows"),
        Row(f"{name}_to_joined", found.rate, "req/s", size, joined.rate, "the same, names joined"),
        Row(f"{name}_p50", times.percentile(0.5) * 1000, "ms", size),
        Row(f"{name}_p95", times.percentile(0.95) * 1000, "ms", size),
        *rows,
    ]
