"""Addresses at which citizens rate and complain."""

from django.urls import path

from services.web.voice import complaint_views, rating_views

urlpatterns = [
    path("t/<str:typed>/rate", rating_views.rate, name="rate_request"),
    path("complain", complaint_views.complain, name="complain"),
    path("c/", complaint_views.find, name="find_complaint"),
    path("c/<str:typed>", complaint_views.follow, name="complaint"),
]
