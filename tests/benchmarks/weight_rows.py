"""What pages weigh on the wire: everything with an empty cache, the HTML alone after that."""

import http.client
import re
from html import unescape
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.benchmarks.installation import Installation
from tests.benchmarks.office_rows import PACKED, SETTINGS, staff_of
from tests.benchmarks.rows import Row

SERVICE = "TRA-P-009"
PAGES = {
    "queue": ("chief", "/queue?tab=office"),
    "file": ("chief", "/requests/{file}"),
    "registration": ("officer", f"/requests/new?service={SERVICE}"),
    "till": ("cashier", "/till"),
    "morning": ("chief", "/morning"),
}
_LINKED = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"')
_NAMED = re.compile(r"url\(([^)]+)\)")
_IMPORTED = re.compile(r"""\bfrom\s*["'](\.{0,2}/[^"']+)["']""")
KILOBYTE = 1000


def page_weight(site: Installation, size: str) -> list[Row]:
    """Fetch each page as a browser does that accepts brotli, heads included."""
    place = staff_of(site)[0]
    rows = []
    with site.web(SETTINGS) as port:
        for name, (person, path) in PAGES.items():
            visit = _Visit(port, place["host"], place["sessions"][person])
            address = path.format(file=place["files"]["chief"][0])
            visit.fetch(address)
            later = visit.bytes
            html = visit.fetch(address, encoding="identity", is_counted=False)
            visit.fetch_linked(address, html)
            rows += [(name, visit.bytes, later)]
    return [
        row
        for which, index in (("first", 1), ("later", 2))
        for row in (
            Row(f"page_weight_{which}", max(each[index] for each in rows) / KILOBYTE, "KB", size),
            *(
                Row(f"page_weight_{which}_{each[0]}", float(each[index]) / KILOBYTE, "KB", size)
                for each in rows
            ),
        )
    ]


class _Visit:
    """A browser without a cache that takes everything a page names, each thing once."""

    def __init__(self, port: int, host: str, session: str) -> None:
        self.port = port
        self.headers = {
            "Host": host,
            "Cookie": f"owso_session={session}; owso_language=km",
            "Accept-Encoding": PACKED,
        }
        self.bytes = 0
        self.had: set[str] = set()

    def fetch(self, path: str, *, encoding: str = PACKED, is_counted: bool = True) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={**self.headers, "Accept-Encoding": encoding})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != http.client.OK:
            raise AssertionError(f"{path}: {answer.status}")
        if is_counted:
            self.bytes += len(body) + _head_bytes(answer)
        is_text = encoding == "identity" and not path.endswith(".woff2")
        return body.decode() if is_text else ""

    def fetch_linked(self, path: str, html: str) -> None:
        """Take style sheets, scripts and fonts, and what those name."""
        for linked in _names(path, html):
            if linked in self.had:
                continue
            self.had.add(linked)
            self.fetch(linked)
            text = self.fetch(linked, encoding="identity", is_counted=False)
            self.fetch_linked(linked, text)


def _head_bytes(answer: Any) -> int:
    return sum(len(name) + len(value) + 4 for name, value in answer.getheaders())


def _names(path: str, text: str) -> list[str]:
    pattern = {".css": _NAMED, ".js": _IMPORTED}.get(PurePosixPath(path).suffix, _LINKED)
    found = pattern.findall(text)
    addresses = [urljoin(path, unescape(each).strip("'\"")) for each in found]
    return [each for each in addresses if urlsplit(each).path.startswith("/static/")]
