"""The providers' HTTP: what our adapters send, and the page for people."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from services.demo.phones.book import Arrived, Book, Mood
from services.demo.phones.page import page_of

CHAT = 100_001
"""The one chat of the stand-in's Telegram."""
PATIENCE_S = 10
MOST_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class System:
    """Where what people write is told to, and the secrets that this shows there."""

    url: str
    telegram_secret: str
    sms_hook_token: str


class PhonesServer(ThreadingHTTPServer):
    """One stand-in with its book."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, system: System | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.book, self.system, self.updates = Book(), system, 0

    @property
    def url(self) -> str:
        """The address all the providers have here."""
        return f"http://127.0.0.1:{self.server_port}"

    def says(self, channel: str, who: str, text: str) -> None:
        """Have somebody write to us: by SMS, in Telegram, or by the button under a message."""
        assert self.system is not None
        if channel == "sms":
            body = urlencode({"from": who, "content": text}).encode()
            self._call(f"/hooks/sms/{self.system.sms_hook_token}", body, {})
            return
        chat = {"id": CHAT, "type": "private"}
        told = {"message": {"chat": chat, "text": text}}
        if channel == "button":
            told = {"callback_query": {"id": "1", "data": text, "from": {"id": CHAT}}}
        self.tell_update(told)

    def tell_update(self, told: dict[str, Any]) -> None:
        """Send an update of the bot, and put the answer on the phone."""
        assert self.system is not None
        self.updates += 1
        headers = {
            "Content-Type": "application/json",
            "X-Telegram-Bot-Api-Secret-Token": self.system.telegram_secret,
        }
        body = json.dumps(told | {"update_id": self.updates}).encode()
        answer = json.loads(self._call("/hooks/telegram", body, headers) or b"{}")
        if answer.get("text"):
            self.book.accept(_of_telegram(answer | {"chat_id": CHAT}))

    def _call(self, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        assert self.system is not None
        request = urllib.request.Request(  # noqa: S310 - this machine
            f"{self.system.url}{path}", data=body, headers=headers, method="POST"
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - the same
            told: bytes = answer.read(MOST_BYTES)
        return told


class Handler(BaseHTTPRequestHandler):
    """Answers as the provider does whose address was asked."""

    server: PhonesServer
    shut_out: ClassVar[dict[str, Any]] = {
        "ok": False,
        "error_code": 403,
        "description": "Forbidden: bot was blocked by the user",
    }

    def do_GET(self) -> None:
        """Show the phones, or the chat that a link opens."""
        parts = urlsplit(self.path)
        start = parse_qs(parts.query).get("start", [""])[0]
        html = page_of(self.server.book, start=start)
        self._answer(200, html.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        """Take a message, or what a person writes."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), MOST_BYTES))
        path = urlsplit(self.path).path
        if path == "/say":
            self._say({name: found[0] for name, found in parse_qs(body.decode()).items()})
        elif path.startswith("/bot"):
            self._telegram(json.loads(body))
        elif path == "/rest/send":
            self._plasgate(json.loads(body))
        elif path == "/api/postsms.aspx":
            self._mekong({name: found[0] for name, found in parse_qs(body.decode()).items()})
        elif path.startswith("/push/"):
            self._push(body)
        else:
            self._answer(404, b"")

    def _say(self, form: dict[str, str]) -> None:
        self.server.says(form["channel"], form.get("who", ""), form["text"])
        self.send_response(303)
        self.send_header("Location", "/")
        self.end_headers()

    def _telegram(self, told: dict[str, Any]) -> None:
        mood = self._mood("telegram")
        if mood is Mood.GONE:
            self._json(403, self.shut_out)
        elif mood is Mood.ERROR_INSIDE:
            self._json(200, {"ok": False, "error_code": 400, "description": "Bad Request"})
        elif self._carries(mood, _of_telegram(told)):
            self._json(200, {"ok": True, "result": {"message_id": len(self.server.book.arrived)}})

    def _plasgate(self, told: dict[str, Any]) -> None:
        mood = self._mood("plasgate")
        if mood is Mood.ERROR_INSIDE:
            self._json(200, {"error": "insufficient balance"})
            return
        message = Arrived(
            "plasgate",
            f"+{told['to']}",
            told["content"],
            reference=self.headers.get("Idempotency-Key", ""),
            receipt_url=told.get("dlr_url", ""),
        )
        if self._carries(mood, message):
            self._json(200, {"message_count": 1, "queue_id": f"q{len(self.server.book.arrived)}"})

    def _mekong(self, form: dict[str, str]) -> None:
        mood = self._mood("mekong")
        if mood is Mood.ERROR_INSIDE:
            self._answer(200, b"-4 [Insufficient credit]")
            return
        message = Arrived("mekong", f"+{form['gsm']}", form["smstext"], reference=form["cd"])
        if self._carries(mood, message):
            self._answer(200, b"0 [Success]")

    def _push(self, body: bytes) -> None:
        mood = self._mood("push")
        if mood is Mood.GONE:
            self._answer(410, b"")
        elif self._carries(mood, Arrived("push", self.path, "")):
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.server.book.pushed.append((headers, body))
            self._answer(201, b"")

    def _mood(self, provider: str) -> Mood:
        return self.server.book.mood(provider)

    def _carries(self, mood: Mood, message: Arrived) -> bool:
        """Take a message unless the provider is busy; say whether it answers then."""
        if mood is Mood.BUSY:
            self._answer(503, b"")
            return False
        self.server.book.accept(message)
        if mood is Mood.LOST_ANSWER:
            self.close_connection = True
            return False
        return True

    def _json(self, status: int, told: dict[str, Any]) -> None:
        self._answer(status, json.dumps(told).encode(), "application/json")

    def _answer(self, status: int, body: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Say nothing: what was sent stands on the page."""


@contextmanager
def phones(system: System | None = None) -> Iterator[PhonesServer]:
    """Serve a stand-in on a free port."""
    server = PhonesServer(0, system)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _of_telegram(told: dict[str, Any]) -> Arrived:
    rows = told.get("reply_markup", {}).get("inline_keyboard", [])
    stop = rows[0][0]["callback_data"] if rows else ""
    return Arrived("telegram", str(told["chat_id"]), str(told["text"]), stop=stop)
