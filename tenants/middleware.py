"""The door's first step: the host name chooses the province, or the shared schema."""

from collections.abc import Callable

import sentry_sdk
import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import set_urlconf

from owso.database.access import current
from owso.database.base import PORTAL, Identity
from tenants.context import NATIONAL, province_by_host
from tenants.models import Province

GetResponse = Callable[[HttpRequest], HttpResponse]


class ProvinceMiddleware:
    """Enter the province of the host for the length of one HTTP request.

    The public host serves citizens under the portal role; only the ministry's own paths run
    under the national role. An unknown host gets 404 and no schema.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            host = request.get_host().rsplit(":", 1)[0].lower()
        except DisallowedHost:
            return HttpResponseNotFound()
        current().set_tenant(PORTAL)
        tenant = self._tenant(host, request.path_info)
        if tenant is None:
            return HttpResponseNotFound()
        is_province = isinstance(tenant, Province)
        request.tenant = tenant  # type: ignore[attr-defined]
        request.urlconf = settings.ROOT_URLCONF if is_province else settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(request.urlconf)
        current().set_tenant(tenant)
        sentry_sdk.set_tag("province", tenant.schema_name)
        try:
            with structlog.contextvars.bound_contextvars(schema=tenant.schema_name):
                return self.get_response(request)
        finally:
            current().set_tenant(PORTAL)

    @staticmethod
    def _tenant(host: str, path: str) -> Province | Identity | None:
        if host in settings.PUBLIC_HOSTS:
            return NATIONAL if path.startswith(settings.MINISTRY_PATHS) else PORTAL
        return province_by_host(host)
