"""What has arrived on the phones, and how each provider behaves at the moment."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from tenants import clock


class Mood(Enum):
    """How a provider behaves."""

    WELL = "well"
    BUSY = "busy"  # 503: surely not accepted
    ERROR_INSIDE = "error_inside"  # 200, and the answer says no
    LOST_ANSWER = "lost_answer"  # accepted, and the line breaks before the answer
    GONE = "gone"  # the address shuts us out


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message on one phone."""

    provider: str
    address: str
    text: str
    reference: str = ""
    receipt_url: str = ""
    stop: str = ""
    at: datetime = field(default_factory=clock.now)


@dataclass
class Book:
    """Everything of one stand-in; safe to use from several threads."""

    arrived: list[Arrived] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    moods: dict[str, Mood] = field(default_factory=dict)
    pushed: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def mood(self, provider: str) -> Mood:
        """Count that a provider was asked, and tell how it behaves."""
        with self.lock:
            self.asked[provider] += 1
            return self.moods.get(provider, Mood.WELL)

    def accept(self, message: Arrived) -> int:
        """Put a message on its phone, one of a known reference only once; return its number."""
        with self.lock:
            known = [each.reference for each in self.arrived if each.provider == message.provider]
            if not message.reference or message.reference not in known:
                self.arrived.append(message)
            return len(self.arrived)

    def on(self, address: str) -> list[str]:
        """Return the texts on one phone, the oldest first."""
        with self.lock:
            return [each.text for each in self.arrived if each.address == address]
