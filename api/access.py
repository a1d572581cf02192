"""What every call of the offices' interface goes through: who calls, and whether they may."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from api.limits import AccountLimit
from owso.accounts.models import User
from owso.accounts.permissions import TABLE, Verb
from owso.accounts.sessions import lacks_step_for
from owso.errors import Invalid, NotAllowed, NotFound
from owso.middleware import client_address
from services.offices.actors import Actor, actor_of
from services.requests.codes import parse_code
from services.requests.models import ServiceRequest
from services.requests.queries import request_by_code

if TYPE_CHECKING:
    from rest_framework.views import AsView, GenericView

KEY_HEADER = "Idempotency-Key"


class HoldsVerb(BasePermission):
    """Opens a method of a view to staff with its verb at some office; actions check which."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether this person may call this method; a method without a verb is closed."""
        assert isinstance(view, StaffView)
        if not isinstance(request.user, User):
            raise exceptions.NotAuthenticated
        verb = view.verbs.get(request.method or "")
        if verb is None:
            raise exceptions.MethodNotAllowed(str(request.method))
        view.actor = actor_of(request.user, address=client_address(request._request))
        roles = (grant.role for grant in view.actor.grants)
        if lacks_step_for(request._request, request.user, roles):
            raise NotAllowed("setup_missing", _("Set up your sign-in on the pages first."))
        if not any(verb in TABLE[grant.role] for grant in view.actor.grants):
            raise NotAllowed(
                "not_allowed", _("Your role does not include this. Ask the office chief.")
            )
        return True


class StaffView(APIView):
    """A view for signed-in staff; `verbs` declares who may use which method."""

    verbs: ClassVar[Mapping[str, Verb]] = {}
    permission_classes = (HoldsVerb,)
    throttle_classes = (AccountLimit,)
    actor: Actor

    @classmethod
    def as_view(cls, **initkwargs: Any) -> "AsView[GenericView]":
        """Make the view and say on it what it asks for."""
        view = super().as_view(**initkwargs)
        view.access = tuple(cls.verbs.values())  # type: ignore[attr-defined]
        return view

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Take the whole body within Django's limit before anything reads it."""
        _ = request._request.body
        super().initial(request, *args, **kwargs)

    def found(self, code: str) -> ServiceRequest:
        """Return the request of a code; unknown and somebody else's are the same NotFound."""
        parsed = parse_code(code)
        if parsed is None:
            raise NotFound
        return request_by_code(self.actor, parsed)


def read(kind: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the body as the serializer describes it; what does not fit is named field by field."""
    return dict(_reader(kind).run_validation(request.data))


@cache
def _reader(kind: type[Serializer[Any]]) -> Serializer[Any]:
    """One of a kind for all calls: it keeps nothing, and each new one copies all its fields."""
    return kind()


def idempotency_key(request: Request) -> UUID:
    """Return the key by which a repeated call is known; raise Invalid without one."""
    try:
        return UUID(request.headers.get(KEY_HEADER, ""))
    except ValueError as error:
        raise Invalid(
            "idempotency_key_missing",
            _("Send an Idempotency-Key header with a new UUID for each thing to be done."),
        ) from error
