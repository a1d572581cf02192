"""A bank that speaks the bank's HTTP on this machine: asked, silent, or telling of itself."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from services.cashier.bank import sign_notice

TOKEN = "bank-token"
SECRET = "the-secret-that-bank-and-office-share"


@dataclass
class StandInBank:
    """What the bank has booked, by md5; `status` 500 or `body` make it answer nonsense."""

    url: str = ""
    booked: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    status: int = 200
    body: bytes | None = None

    def pay(self, order: Any, **changes: Any) -> None:
        """Book the payment of a code."""
        self.booked[order.md5] = {
            "hash": f"ref-{order.bill_number}",
            "fromAccountId": "payer@bank",
            "toAccountId": "owso@bank",
            "currency": order.currency,
            "amount": _amount(order),
            **changes,
        }

    def answer(self, md5: str) -> dict[str, Any]:
        """What the bank says of a code."""
        self.asked.append(md5)
        if md5 in self.booked:
            return {"responseCode": 0, "errorCode": None, "data": self.booked[md5]}
        code = 3 if md5 in self.failed else 1
        return {"responseCode": 1, "errorCode": code, "data": None}

    def notice(self, order: Any, notice_id: str = "n-1", **changes: Any) -> bytes:
        """What the bank writes of itself about a code."""
        told = {"noticeId": notice_id, "md5": order.md5, **self.answer(order.md5), **changes}
        return json.dumps(told).encode()


def _amount(order: Any) -> float:
    return order.amount_riel if order.amount_cents is None else order.amount_cents / 100


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers that prove who sent a notice, and when."""
    stamp = str(int(time.time() if at is None else at))
    return {"X-Bank-Timestamp": stamp, "X-Bank-Signature": sign_notice(secret, stamp, body)}


def deliver(url: str, body: bytes, headers: dict[str, str], *, host: str) -> tuple[int, bytes]:
    """Send a notice to the offices over HTTP; the status and what they answered."""
    sent = urllib.request.Request(  # noqa: S310 - an address of this machine
        url,
        data=body,
        headers={"Content-Type": "application/json", "Host": host, **headers},
        method="POST",
    )
    try:
        with urllib.request.urlopen(sent, timeout=10) as answer:  # noqa: S310 - the same
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


@contextmanager
def standin_bank() -> Iterator[StandInBank]:
    """Serve a bank on a free port."""
    known = StandInBank()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            told = json.loads(self.rfile.read(length))
            is_known = self.headers["Authorization"] == f"Bearer {TOKEN}"
            is_path = self.path == "/v1/check_transaction_by_md5"
            status = known.status if is_known and is_path else 401
            body = known.body or json.dumps(known.answer(told["md5"])).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
