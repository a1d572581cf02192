"""Addresses of the ministry's pages, under /national/ of the public host."""

from django.urls import path

from analytics.web import retention_views, views

urlpatterns = [
    path("", views.national_page, name="national"),
    path("retention", retention_views.retention, name="national_retention"),
]
