"""What the bank says about a KHQR: a question over HTTP, answered the way bank interfaces do.

POST {KHQR_BANK_URL}/v1/check_transaction_by_md5 {"md5": …} with a bearer token answers
`responseCode` 0 with `data` when the money has come, 1 when it has not; `errorCode` 3 is a
payment that failed.
"""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from owso.errors import Unavailable

logger = structlog.get_logger(__name__)
PATIENCE_S = 5
MOST_BYTES = 65_536
FOUND, FAILED = 0, 3


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


class Bank(Protocol):
    """Somebody who knows whether a KHQR was paid."""

    def ask(self, md5: str) -> Answer:
        """Return what became of the payment of a code; raise Unavailable without an answer."""


class HttpBank:
    """A bank's own interface."""

    def __init__(self, url: str, token: str) -> None:
        self._url = f"{url.rstrip('/')}/v1/check_transaction_by_md5"
        self._token = token

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
            amount=str(data.get("amount", "")),
            currency=str(data.get("currency", "")),
            account=str(data.get("toAccountId", "")),
        )
    return Answer(Outcome.FAILED if found.get("errorCode") == FAILED else Outcome.UNKNOWN)


def bank() -> Bank:
    """Return the bank of this installation; raise Unavailable when none is set."""
    if not settings.KHQR_BANK_URL:
        raise Unavailable(
            "bank_unset", _("No bank is set up to confirm payments by phone. Take cash.")
        )
    return HttpBank(settings.KHQR_BANK_URL, settings.KHQR_BANK_TOKEN)
