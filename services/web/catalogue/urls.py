"""Addresses of the catalogue on the public host."""

from django.urls import path

from services.web.catalogue import views

urlpatterns = [
    path("services/", views.index, name="services"),
    path("services/<str:code>", views.service, name="service"),
]
