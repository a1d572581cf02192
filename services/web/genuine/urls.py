"""Addresses of the check of documents; the QR picture on the paper leads to the second."""

from django.urls import path

from services.web.genuine import views

urlpatterns = [
    path("g/", views.ask, name="ask_genuine"),
    path("g/<str:typed>", views.check, name="check_genuine"),
]
