"""What the bank says about a KHQR: an answer to a question, or a signed notice of its own.

POST {KHQR_BANK_URL}/v1/check_transaction_by_md5 {"md5": …} with a bearer token answers
`responseCode` 0 with `data` when the money has come, 1 when it has not; `errorCode` 3 is a
payment that failed.

A notice is the same answer with `noticeId` and `md5`, sent by the bank. `X-Bank-Timestamp` holds
the second it was signed, `X-Bank-Signature` the HMAC-SHA256, in hexadecimal, of that second, a
full stop and the body, under the secret the bank and the installation share.
"""

import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from owso.errors import NotAllowed, Unavailable

logger = structlog.get_logger(__name__)
PATIENCE_S = 5
MOST_BYTES = 65_536
FOUND, FAILED = 0, 3
LONGEST_STAMP, LONGEST_ID, LONGEST_AMOUNT = 11, 64, 20
NOTICE_VALID_FOR = timedelta(minutes=5)
"""How far the second of a signature may lie from now: the bank signs anew what it sends again."""


class Outcome(Enum):
    """What became of a payment, as far as the bank knows."""

    PAID = "paid"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """The bank's answer; amount and currency as the bank booked them."""

    outcome: Outcome
    reference: str = ""
    amount: str = ""
    currency: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a bank says unasked, its signature checked; `notice_id` is the bank's own number."""

    notice_id: str
    md5: str
    answer: Answer
    sent_at: datetime


class Bank(Protocol):
    """Somebody who knows whether a KHQR was paid; another bank's interface is another of these."""

    def ask(self, md5: str) -> Answer:
        """Return what became of the payment of a code; raise Unavailable without an answer."""

    def hear(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Notice:
        """Return a notice whose sender is proven; raise NotAllowed for every other."""


class HttpBank:
    """A bank's own interface."""

    def __init__(self, url: str, token: str, secret: str = "") -> None:
        self._url = f"{url.rstrip('/')}/v1/check_transaction_by_md5"
        self._token = token
        self._secret = secret

    def ask(self, md5: str) -> Answer:
        """Ask the bank; every trouble on the way is Unavailable, and nothing is concluded."""
        try:
            told = self._post({"md5": md5})
        except (urllib.error.URLError, OSError, ValueError) as error:
            logger.warning("khqr_bank_silent", kind=type(error).__name__)
            raise Unavailable(
                "bank_silent",
                _("The bank does not answer. Nothing was recorded; try again in a moment."),
            ) from error
        return _answer(told)

    def hear(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Notice:
        """Read a notice; forged, old and senseless ones are refused alike."""
        stamp = headers.get("X-Bank-Timestamp", "")
        proof = headers.get("X-Bank-Signature", "")
        signed = self._secret and hmac.compare_digest(
            sign_notice(self._secret, stamp, body).encode(), proof.encode()
        )
        if not signed:
            raise _refused("signature")
        sent_at = _second(stamp)
        if sent_at is None or abs(now - sent_at) > NOTICE_VALID_FOR:
            raise _refused("age")
        return _notice(body, sent_at)

    def _post(self, body: dict[str, str]) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the address is the installation's own
            self._url,
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
            },
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - the same
            return json.loads(answer.read(MOST_BYTES))


def _answer(told: Any) -> Answer:
    found = told if isinstance(told, dict) else {}
    data = found.get("data")
    if found.get("responseCode") == FOUND and isinstance(data, dict) and data.get("hash"):
        return Answer(
            Outcome.PAID,
            reference=str(data["hash"])[:64],
            amount=str(data.get("amount", ""))[:LONGEST_AMOUNT],
            currency=str(data.get("currency", ""))[:3],
            account=str(data.get("toAccountId", "")),
        )
    return Answer(Outcome.FAILED if found.get("errorCode") == FAILED else Outcome.UNKNOWN)


def sign_notice(secret: str, stamp: str, body: bytes) -> str:
    """Return the proof that a notice was sent at a second by somebody who has the secret."""
    text = f"{stamp}.".encode() + body
    return hmac.new(secret.encode(), text, "sha256").hexdigest()


def _second(stamp: str) -> datetime | None:
    is_number = stamp.isascii() and stamp.isdigit() and len(stamp) <= LONGEST_STAMP
    return datetime.fromtimestamp(int(stamp), UTC) if is_number else None


def _notice(body: bytes, sent_at: datetime) -> Notice:
    try:
        told = json.loads(body)
    except ValueError as error:
        raise _refused("body") from error
    answer = _answer(told)
    notice_id, md5 = (
        str(told.get(name, "")) if isinstance(told, dict) else "" for name in ("noticeId", "md5")
    )
    if answer.outcome == Outcome.UNKNOWN or not 0 < len(notice_id) <= LONGEST_ID or not md5:
        raise _refused("content")
    return Notice(notice_id, md5, answer, sent_at)


def _refused(why: str) -> NotAllowed:
    """Return the one refusal of every notice; only the log says why."""
    logger.warning("khqr_notice_refused", why=why)
    return NotAllowed("notice_refused", _("This notice cannot be accepted."))


def bank() -> Bank:
    """Return the bank of this installation; raise Unavailable when none is set."""
    if not settings.KHQR_BANK_URL:
        raise Unavailable(
            "bank_unset", _("No bank is set up to confirm payments by phone. Take cash.")
        )
    return HttpBank(settings.KHQR_BANK_URL, settings.KHQR_BANK_TOKEN, settings.KHQR_NOTICE_SECRET)
