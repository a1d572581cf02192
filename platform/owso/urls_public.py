"""Addresses of the public host: citizens, and the ministry under its own paths."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("owso.accounts.urls")),
    path("standards/", include("analytics.web.urls_public")),
    path("national/", include("analytics.web.urls")),
    path("api/", include("api.urls_public")),
    path("", include("services.web.genuine.urls")),
    path("", include("services.web.privacy.public_urls")),
    path("", include("services.web.catalogue.urls")),
    path("", include("services.web.own.urls")),
    path("", include("services.web.following.urls")),
    path("", include("services.web.voice.urls_public")),
    path("", include("services.web.portal.urls")),
]
handler400 = "owso.views.bad_request"
handler403 = "owso.views.permission_denied"
handler404 = "owso.views.page_not_found"
handler500 = "owso.views.server_error"
