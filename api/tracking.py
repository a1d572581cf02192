"""Following a request by its code alone: the tracking page for programs."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.errors import problem
from api.outputs import TrackingOutput
from owso.errors import NotFound
from owso.middleware import client_address
from services.requests.codes import parse_code, province_of
from services.requests.tracking import tracking
from services.web.portal import lookups
from tenants.context import as_portal, province_by_code

if TYPE_CHECKING:
    from rest_framework.views import AsView, GenericView


class TrackView(APIView):
    """Open to everybody; counted together with the tracking page, address by address."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @classmethod
    def as_view(cls, **initkwargs: Any) -> "AsView[GenericView]":
        """Make the view and say on it that anybody may use it."""
        view = super().as_view(**initkwargs)
        view.access = "public"  # type: ignore[attr-defined]
        return view

    def get(self, request: Request, typed: str) -> Response:
        """Return where a request stands; every code that leads nowhere gets the same answer."""
        address = client_address(request._request)
        if not lookups.may_look_up(address):
            return _too_often(address)
        found = _tracked(parse_code(typed))
        if found is None:
            if not lookups.may_miss(address):
                return _too_often(address)
            raise NotFound
        return Response(found, headers={"Cache-Control": "private, no-cache"})


def _tracked(code: str | None) -> dict[str, Any] | None:
    province = None if code is None else province_by_code(province_of(code))
    if code is None or province is None:
        return None
    with as_portal():
        seen = tracking(code, schema_name=province.schema_name)
        return None if seen is None else dict(TrackingOutput(seen).data)


def _too_often(address: str) -> Response:
    wait = lookups.wait_minutes(address) * 60
    text = _("Too many look-ups. Wait some minutes, then try again.")
    return problem(429, "throttled", text, headers={"Retry-After": str(wait)})
