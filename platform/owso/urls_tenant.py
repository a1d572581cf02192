"""Addresses of a province's host: its offices."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("owso.accounts.urls")),
    path("api/", include("api.urls_tenant")),
    path("", include("services.web.office.urls")),
    path("", include("services.web.documents.urls")),
    path("", include("services.web.privacy.urls")),
    path("computer/", include("services.web.devices.urls")),
    path("", include("services.web.counter.urls")),
    path("", include("services.web.till.urls")),
    path("", include("services.web.voice.urls_tenant")),
]
handler400 = "owso.views.bad_request"
handler403 = "owso.views.permission_denied"
handler404 = "owso.views.page_not_found"
handler500 = "owso.views.server_error"
