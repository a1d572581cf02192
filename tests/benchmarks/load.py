"""A lean load generator: kept-alive connections of one process, bounded in count and time.

It sends bytes that were prepared before the clock starts and reads answers by their
Content-Length, so that on two cores as little as possible goes to the generator.
"""

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

CHUNK = 262_144
LONGEST = 60.0
# A connection belongs to one of the server's processes. Without new ones now and then, chance
# at the start of a run would decide how evenly the processes are used, and so the rate.
A_CONNECTION = 25


@dataclass
class Outcome:
    """What a run of requests came to; times in seconds."""

    seconds: float
    times: list[float]
    statuses: dict[int, int] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def add(self, other: "Outcome") -> None:
        """Take another run in."""
        self.seconds += other.seconds
        self.times += other.times
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count

    def percentile(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def get(path: str, *, host: str, headers: dict[str, str] | None = None) -> bytes:
    """Prepare a GET."""
    return _head("GET", path, host, headers or {}) + b"\r\n"


def post(path: str, body: bytes, *, host: str, headers: dict[str, str]) -> bytes:
    """Prepare a POST."""
    more = {**headers, "Content-Length": str(len(body))}
    return _head("POST", path, host, more) + b"\r\n" + body


def form(path: str, fields: dict[str, str], *, host: str, headers: dict[str, str]) -> bytes:
    """Prepare a posted form."""
    more = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
    return post(path, urlencode(fields).encode(), host=host, headers=more)


def _head(method: str, path: str, host: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n").encode()


class _Client:
    """One kept-alive connection with one request under way."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.started = 0.0
        self.got = b""
        self.sent = 0
        self.connect()

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.got = b""
        self.sent += 1
        self.started = time.perf_counter()
        self.socket.sendall(request)

    def answer(self) -> tuple[int, bytes] | None:
        """Read what came; the answer once it is whole."""
        chunk = self.socket.recv(CHUNK)
        if not chunk:
            raise ConnectionError("The server closed the connection.")
        self.got += chunk
        head, separator, body = self.got.partition(b"\r\n\r\n")
        if not separator:
            return None
        length = _content_length(head)
        if len(body) < length:
            return None
        return int(head[9:12]), body


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    if head[9:12] == b"304" or head[9:12] == b"204":
        return 0
    raise ValueError("The answer has no Content-Length.")


def run(
    requests: Iterator[bytes], *, port: int, clients: int, keep_bodies: bool = False
) -> Outcome:
    """Send all requests over this many connections and wait for every answer.

    Raises TimeoutError after a minute without the end.
    """
    pool = [_Client(port) for _ in range(clients)]
    selector = selectors.DefaultSelector()
    outcome = Outcome(0.0, [])
    begun = time.perf_counter()
    for client, request in zip(pool, requests, strict=False):
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.send(request)
    while selector.get_map():
        if time.perf_counter() - begun > LONGEST:
            raise TimeoutError("The load did not end within its bound.")
        for key, _events in selector.select(timeout=5):
            client = key.data
            if (answer := client.answer()) is None:
                continue
            _note(outcome, client, answer, keep_bodies=keep_bodies)
            _go_on(client, next(requests, None), selector)
    outcome.seconds = time.perf_counter() - begun
    for client in pool:
        client.socket.close()
    return outcome


def _go_on(client: _Client, request: bytes | None, selector: selectors.BaseSelector) -> None:
    """Send the next request, now and then over a new connection; without one, be done."""
    if request is None:
        selector.unregister(client.socket)
        return
    if client.sent % A_CONNECTION == 0:
        selector.unregister(client.socket)
        client.socket.close()
        client.connect()
        selector.register(client.socket, selectors.EVENT_READ, client)
    client.send(request)


def in_turn(
    first: list[bytes], second: list[bytes], *, port: int, clients: int, rounds: int
) -> tuple[Outcome, Outcome]:
    """Run two lists in turn, so that a machine that slows down slows both; give their sums."""
    sums = Outcome(0.0, []), Outcome(0.0, [])
    for _ in range(rounds):
        for whole, requests in zip(sums, (first, second), strict=True):
            whole.add(run(iter(requests), port=port, clients=clients))
    return sums


def _note(
    outcome: Outcome, client: _Client, answer: tuple[int, bytes], *, keep_bodies: bool
) -> None:
    status, body = answer
    outcome.times.append(time.perf_counter() - client.started)
    outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
    if keep_bodies:
        outcome.bodies.append(body)
