"""The door at which the bank itself says that a payment by phone has come."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from owso.accounts.access import public
from owso.errors import NotAllowed, NotFound, Unavailable
from services.cashier.actions import hear_khqr
from services.cashier.bank import bank
from tenants import clock

HEARD, REFUSED = {"responseCode": 0}, {"responseCode": 1}


@csrf_exempt  # A bank has no session; its signature proves who speaks.
@public
@require_POST
def khqr_notice(request: HttpRequest) -> HttpResponse:
    """Record a signed notice; forged, old and unknown ones get one and the same refusal."""
    now = clock.now()
    try:
        hear_khqr(bank().hear(request.headers, request.body, now=now), now=now)
    except (NotAllowed, NotFound, Unavailable):
        return JsonResponse(REFUSED, status=403)
    return JsonResponse(HEARD)
