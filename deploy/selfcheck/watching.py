"""Watches the national page as a ministry viewer and measures how soon it counts what was done."""

import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.selfcheck.browser import Browser, Keys
from deploy.selfcheck.problems import CheckError

PAGE = "/national/?period=7-days"
LOOK_SECONDS = 0.2
NOT_MODIFIED = 304
_ROW = re.compile(r'<tr id="province-(\d\d)">.*?<data value="(\d+)">', re.DOTALL)


@dataclass(frozen=True)
class Look:
    """What the page showed at a moment: requests by province."""

    at: float
    requests: Mapping[str, int]


@dataclass(frozen=True)
class Freshness:
    """Seconds from the answer to a registration until the page counted it."""

    p50: float
    p95: float
    longest: float
    samples: int
    unseen: int


class Watch:
    """Looks again and again, from a thread of its own."""

    def __init__(self, port: int, host: str, keys: Keys) -> None:
        self.looks: list[Look] = []
        self.problems: list[str] = []
        self._browser = Browser(port, host)
        self._keys = keys
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Sign in and begin."""
        self._browser.sign_in("viewer", self._keys)
        self._look("")
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._is_over.set()
        self._thread.join()
        self._browser.close()

    def wait_for(self, wanted: Mapping[str, int], *, seconds: float) -> bool:
        """Wait until the page shows these numbers, at most so long."""
        until = time.monotonic() + seconds
        while dict(self.looks[-1].requests) != dict(wanted) and self._thread.is_alive():
            if time.monotonic() > until:
                return False
            self._is_over.wait(LOOK_SECONDS)
        return dict(self.looks[-1].requests) == dict(wanted)

    def _watch(self) -> None:
        tag = ""
        while not self._is_over.wait(LOOK_SECONDS):
            try:
                tag = self._look(tag)
            except CheckError as error:
                self.problems.append(str(error))
                return

    def _look(self, tag: str) -> str:
        headers = {"HX-Request": "true", **({"If-None-Match": tag} if tag else {})}
        answer = self._browser.get(PAGE, **headers).must(200, NOT_MODIFIED)
        if answer.status == NOT_MODIFIED:
            return tag
        requests = {code: int(number) for code, number in _ROW.findall(answer.text)}
        self.looks.append(Look(answer.at, requests))
        return answer.headers.get("ETag", "")


def freshness(looks: Sequence[Look], registered: Mapping[str, Sequence[float]]) -> Freshness:
    """Measure every registration of every province: the n-th is seen where n or more stand."""
    waits: list[float] = []
    unseen = 0
    for code, moments in registered.items():
        counts = [(look.at, look.requests.get(code, 0)) for look in looks]
        for number, moment in enumerate(moments, 1):
            seen = next((at for at, count in counts if count >= number), None)
            if seen is None:
                unseen += 1
            else:
                waits.append(max(seen - moment, 0.0))
    return Freshness(
        _share(waits, 0.5), _share(waits, 0.95), max(waits, default=0.0), len(waits), unseen
    )


def _share(waits: Sequence[float], share: float) -> float:
    ordered = sorted(waits)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
