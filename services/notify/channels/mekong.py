"""The SMS gateway MekongSMS: a form over HTTPS that answers in one line of text.

The answer is 200 whatever happened; the line begins with 0 when the message was accepted, with
another number when it was not.
"""

import re
from urllib.parse import urlencode

from django.conf import settings

from services.notify.channels.http import REFUSAL, post
from services.notify.channels.parcels import LaterError, Parcel, RefusedError, UnclearError

_LINE = re.compile(r"\s*(-?\d+)")
_WRONG_NUMBER = re.compile("invalid (gsm|number|phone|msisdn)", re.IGNORECASE)


class Mekong:
    """The account of this installation."""

    name = "mekong"

    def send(self, parcel: Parcel) -> str:
        """Send one SMS; `cd` is our reference."""
        form = {
            "username": settings.MEKONG_USER,
            "pass": settings.MEKONG_PASSWORD,
            "cd": parcel.reference,
            "sender": settings.MEKONG_SENDER,
            "smstext": parcel.text,
            "gsm": parcel.address.lstrip("+"),
            "isflash": "0",
            "int": "0" if parcel.address.startswith("+855") else "1",
        }
        answer = post(
            f"{settings.MEKONG_URL}/api/postsms.aspx",
            urlencode(form).encode(),
            {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
        )
        line = answer.body.decode("utf-8", "replace")
        found = _LINE.match(line)
        if answer.status >= REFUSAL:
            raise LaterError(f"http_{answer.status}")
        if found is None:
            raise UnclearError("answer_unreadable")
        if int(found[1]) == 0:
            return ""
        if _WRONG_NUMBER.search(line):
            raise RefusedError(f"mekong_{found[1]}")
        raise LaterError(f"mekong_{found[1]}")
