"""One POST to a provider, with every trouble on the way sorted into what it means."""

import json
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.notify.channels.parcels import LaterError, RefusedError, UnclearError

PATIENCE_S = 10
MOST_BYTES = 65_536
TOO_MANY, UNAVAILABLE, SERVER = 429, 503, 500
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


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_words: Any) -> None:
        """Go nowhere else with a secret and a phone number."""


_opener = urllib.request.build_opener(_NoRedirect)


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send a POST and return the answer, whatever its status below 500 but 429.

    A refused connection, 429 and 503 were surely not accepted (LaterError); a silence after the
    request was sent, and any other 5xx, may have been (UnclearError).
    """
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - the installation's own address
    try:
        with _opener.open(request, timeout=PATIENCE_S) as answer:
            return Answer(answer.status, answer.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        return _told(error)
    except urllib.error.URLError as error:
        if isinstance(error.reason, ConnectionRefusedError | socket.gaierror):
            raise LaterError("unreachable") from error
        raise UnclearError("silent") from error
    except OSError as error:
        raise UnclearError("silent") from error
    except ValueError as error:
        raise RefusedError("address_invalid") from error


def post_json(url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
    """Send a JSON object."""
    kinds = {"Content-Type": "application/json", "Accept": "application/json"}
    return post(url, json.dumps(body).encode(), kinds | (headers or {}))


def _told(error: urllib.error.HTTPError) -> Answer:
    with error:
        if error.code in {TOO_MANY, UNAVAILABLE}:
            raise LaterError(f"http_{error.code}", _wait(error.headers.get("Retry-After", "")))
        if error.code >= SERVER:
            raise UnclearError(f"http_{error.code}")
        return Answer(error.code, error.read(MOST_BYTES))


def _wait(text: str) -> timedelta | None:
    return timedelta(seconds=min(int(text), LONGEST_WAIT_S)) if text.isdecimal() else None
