"""One POST to a provider, with every trouble on the way sorted into what it means."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from services.notify.channels.parcels import LaterError, RefusedError, UnclearError

PATIENCE_S = 10
MOST_BYTES = 65_536
REFUSAL, TOO_MANY, SERVER, UNAVAILABLE = 400, 429, 500, 503
LONGEST_WAIT_S = 3_600


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """Return the body as an object; raise UnclearError when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise UnclearError("answer_unreadable") from error
        if not isinstance(found, dict):
            raise UnclearError("answer_unreadable")
        return found


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send a POST and return the answer, whatever its status below 500 but 429.

    Without a connection, and with 429 and 503, it was surely not accepted (LaterError); whatever
    breaks after the request was begun, and any other 5xx, leaves that open (UnclearError). Nothing
    is followed anywhere else: it carries a secret and a phone number.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise RefusedError("address_invalid")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname, parts.port, timeout=PATIENCE_S)
    try:
        _connect(line)
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        try:
            line.request("POST", path, body, dict(headers))
            answer = line.getresponse()
            told = answer.read(MOST_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise UnclearError("silent") from error
    finally:
        line.close()
    return _told(answer.status, told, answer.headers.get("Retry-After", ""))


def post_json(url: str, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
    """Send a JSON object."""
    kinds = {"Content-Type": "application/json", "Accept": "application/json"}
    return post(url, json.dumps(body).encode(), kinds | dict(headers or {}))


def _connect(line: http.client.HTTPConnection) -> None:
    try:
        line.connect()
    except OSError as error:
        raise LaterError("unreachable") from error


def _told(status: int, body: bytes, wait: str) -> Answer:
    if status in {TOO_MANY, UNAVAILABLE}:
        raise LaterError(f"http_{status}", _wait(wait))
    if status >= SERVER:
        raise UnclearError(f"http_{status}")
    return Answer(status, body)


def _wait(text: str) -> timedelta | None:
    return timedelta(seconds=min(int(text), LONGEST_WAIT_S)) if text.isdecimal() else None
