"""Addresses of a province's host: its offices."""

import importlib.util  # until every folder has landed

from django.urls import URLPattern, URLResolver, include, path


def _have(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    *([path("account/", include("owso.accounts.urls"))] if _have("owso.accounts.urls") else []),
    *([path("api/", include("api.urls_tenant"))] if _have("api.urls_tenant") else []),
    *(
        [path("", include("services.web.counter.urls"))]
        if _have("services.web.counter.urls")
        else []
    ),
]
handler400 = "owso.views.bad_request"
handler403 = "owso.views.permission_denied"
handler404 = "owso.views.page_not_found"
handler500 = "owso.views.server_error"
