"""Addresses of the ministry's pages, under /national/ of the public host."""

from django.urls import path

from analytics.web import views

urlpatterns = [
    path("", views.national_page, name="national"),
]
