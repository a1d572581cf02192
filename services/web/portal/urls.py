"""Addresses of the citizens' pages."""

from django.urls import path

from services.web.portal import views

urlpatterns = [
    path("", views.front, name="front"),
    path("t/", views.find, name="find"),
    path("t/<str:typed>", views.track, name="track"),
]
