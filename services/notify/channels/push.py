"""Notices of browsers (Web Push, RFC 8030, 8291, 8292), encrypted for the one browser."""

import base64
import json
from functools import lru_cache
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from services.notify.channels.http import PATIENCE_S, SERVER, TOO_MANY, UNAVAILABLE
from services.notify.channels.parcels import (
    GoneError,
    LaterError,
    Parcel,
    RefusedError,
    UnclearError,
)
from tenants.sealing import derived_key

GONE = frozenset({404, 410})
KEPT_FOR_S = 86_400
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@lru_cache(maxsize=1)
def _key() -> ec.EllipticCurvePrivateKey:
    """The key that push services know us by, from the oldest master key: it must never change."""
    seed = derived_key("web-push", "national", min(settings.MASTER_KEYS))
    return ec.derive_private_key(int.from_bytes(seed, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def public_key() -> str:
    """Return the key that a browser asks its push service to know us by."""
    point = _key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def is_push_service(endpoint: str) -> bool:
    """Say whether an address is one of a push service: what a browser sends is not believed."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    is_known = any(
        host == known or (known.startswith(".") and host.endswith(known))
        for known in settings.PUSH_HOSTS
    )
    return is_known and (parts.scheme == "https" or host == "127.0.0.1")


class Push:
    """Every push service of PUSH_HOSTS; the address is the browser's subscription as JSON."""

    name = "push"

    def send(self, parcel: Parcel) -> str:
        """Send one notice; the browser shows one of the same reference once."""
        subscription = json.loads(parcel.address)
        if not is_push_service(subscription["endpoint"]):
            raise GoneError("not_a_push_service")
        note = {"title": parcel.subject, "body": parcel.text, "url": parcel.link}
        with requests.Session() as session:
            session.max_redirects = 0
            try:
                answer = webpush(
                    subscription,
                    json.dumps(note | {"tag": parcel.reference, "lang": parcel.language}),
                    vapid_private_key=Vapid02(_key()),
                    vapid_claims={"sub": f"mailto:{settings.PUSH_CONTACT}"},
                    ttl=KEPT_FOR_S,
                    timeout=PATIENCE_S,
                    requests_session=session,
                )
            except WebPushException as error:
                raise _trouble(error) from error
            except requests.exceptions.ConnectionError as error:
                raise LaterError("unreachable") from error
            except requests.exceptions.RequestException as error:
                raise UnclearError("silent") from error
        return "" if isinstance(answer, str) else answer.headers.get("Location", "")[:100]


def _trouble(error: WebPushException) -> Exception:
    answer = error.response
    status = None if answer is None else answer.status_code
    if status in GONE:
        return GoneError("browser_gone")
    if status is None or status in {TOO_MANY, UNAVAILABLE} or status >= SERVER:
        return LaterError(f"http_{status}")
    return RefusedError(f"http_{status}")
