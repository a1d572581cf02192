"""A small browser on the standard library: cookies, forms, JSON, one kept-alive connection."""

import http.client
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from deploy.selfcheck.forms import Form, form_with
from deploy.selfcheck.problems import CheckError
from deploy.selfcheck.second_step import next_code

LOOPBACK = "127.0.0.1"
CSRF_COOKIE = "csrftoken"
SECOND_STEP = "/account/second-step/"
_PATIENCE = 30.0
# The server lets go of an idle connection after 30 seconds.
_IDLE = 20.0
_SHOWN = 300
Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Keys:
    """What every throw-away account signs in with."""

    password: str
    secret: str


@dataclass(frozen=True)
class Answer:
    """What came back, and when."""

    method: str
    address: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    at: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as what it says."""
        return json.loads(self.body)

    def must(self, *statuses: int) -> "Answer":
        """Return itself; raise CheckError unless the status is one of these."""
        if self.status not in statuses:
            said = " ".join(self.text.split())[:_SHOWN]
            raise CheckError(
                f"{self.method} {self.address} answered {self.status} instead of"
                f" {' or '.join(map(str, statuses))}: {said}"
            )
        return self


class Browser:
    """One person at one host. Names such as *.localhost need no resolver: the Host header goes."""

    def __init__(self, port: int, host: str, *, cookies: Mapping[str, str] | None = None) -> None:
        self.host = host
        self.cookies = dict(cookies or {})
        self._port = port
        self._connection = http.client.HTTPConnection(LOOPBACK, port, timeout=_PATIENCE)
        self._used_at = time.monotonic()

    def send(
        self, method: str, path: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request and read the whole answer."""
        if time.monotonic() - self._used_at > _IDLE:
            self._connection.close()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        own = {"Host": f"{self.host}:{self._port}", **({"Cookie": cookies} if cookies else {})}
        try:
            self._connection.request(method, path, body or None, {**own, **(headers or {})})
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise CheckError(f"{method} {self.host}{path}: no answer ({error!r})") from error
        self._used_at = time.monotonic()
        self._keep(response.headers.get_all("Set-Cookie") or [])
        address = f"{self.host}{path}"
        return Answer(method, address, response.status, response.headers, content, self._used_at)

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return self.send("GET", path, headers=headers)

    def submit(self, form: Form, *, path: str = "", **changes: str | list[str]) -> Answer:
        """Send a form as filled in, to its own address unless another is given."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        content = urlencode(form.filled(**changes)).encode()
        return self.send("POST", form.action or path, body=content, headers=kind)

    def call(self, method: str, path: str, data: object = None, *, key: object = None) -> Answer:
        """Call the programming interface with this session."""
        headers = {"X-CSRFToken": self.cookies.get(CSRF_COOKIE, "")}
        if key is not None:
            headers["Idempotency-Key"] = str(key)
        if method == "GET":
            return self.send(method, path, headers=headers)
        headers["Content-Type"] = "application/json"
        return self.send(method, path, body=json.dumps(data or {}).encode(), headers=headers)

    def sign_in(self, username: str, keys: Keys) -> None:
        """Sign in by the forms, as people do: the password, then the code where it is asked."""
        path = "/account/sign-in/"
        form = form_with(self.get(path).must(200), "username")
        sent = self.submit(form, path=path, username=username, password=keys.password).must(302)
        if sent.headers["Location"] == SECOND_STEP:
            form = form_with(self.get(SECOND_STEP).must(200), "code")
            code = next_code(keys.secret, self.host, username)
            sent = self.submit(form, path=SECOND_STEP, code=code).must(302)
        if sent.headers["Location"].startswith("/account/"):
            raise CheckError(f"{username} at {self.host} was led to {sent.headers['Location']}.")

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _keep(self, lines: Iterable[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
