"""Addresses of the privacy notice and of the copies of data, on the public host."""

from django.urls import path

from services.web.privacy import public_views

urlpatterns = [
    path("privacy", public_views.notice, name="privacy"),
    path("privacy/copy", public_views.fetch, name="fetch_copy"),
]
