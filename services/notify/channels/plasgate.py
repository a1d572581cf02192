"""The SMS gateway PlasGate: JSON over HTTPS, receipts by a call back to us.

Its documentation: https://cloud.plasgate.com/support/. The secret goes in a header, the private
key in the address. An answer with a queue number, or the count of messages, was accepted; any
other 200 is an error.
"""

from urllib.parse import urlencode

from django.conf import settings

from services.notify.channels.http import REFUSAL, post_json
from services.notify.channels.parcels import LaterError, Parcel, RefusedError

UNAUTHORISED = frozenset({401, 402, 403})
DELIVERY = 3
"""The level of receipts that tells the arrival on the phone."""


class PlasGate:
    """The account of this installation."""

    name = "plasgate"

    def send(self, parcel: Parcel) -> str:
        """Send one SMS; the reference goes along as the key by which doubles are known."""
        query = urlencode({"private_key": settings.PLASGATE_KEY})
        answer = post_json(
            f"{settings.PLASGATE_URL}/rest/send?{query}",
            {
                "sender": settings.PLASGATE_SENDER,
                "to": parcel.address.lstrip("+"),
                "content": parcel.text,
                "dlr": "yes",
                "dlr_level": DELIVERY,
                "dlr_method": "POST",
                "dlr_url": parcel.receipt_url,
            },
            {"X-Secret": settings.PLASGATE_SECRET, "Idempotency-Key": parcel.reference},
        )
        if answer.status in UNAUTHORISED:
            raise LaterError(f"http_{answer.status}")
        if answer.status >= REFUSAL:
            raise RefusedError(f"http_{answer.status}")
        told = answer.json()
        if number := told.get("queue_id") or told.get("queue") or told.get("message_count"):
            return str(number)[:100]
        raise LaterError("error_inside")
