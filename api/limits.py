"""How often one account may call, counted for all processes some calls at a time."""

from limits import parse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from owso.limits import LeasedCount
from owso.middleware import client_address

LIMITS = {"read": parse("1200 per minute"), "write": parse("600 per minute")}
_counted = LeasedCount()
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class AccountLimit(BaseThrottle):
    """Reads and writes of one account, or of one address before it has signed in."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this call."""
        scope = "read" if request.method in SAFE else "write"
        account = request.user.pk if request.user.is_authenticated else None
        caller = client_address(request._request) if account is None else f"user {account}"
        return _counted.is_within(LIMITS[scope], "api", scope, caller)

    def wait(self) -> float:
        """Every limit here is counted by the minute."""
        return 60.0
