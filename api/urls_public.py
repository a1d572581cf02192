"""Addresses of the programming interface on the public host."""

from django.urls import path

from api.tracking import TrackView

urlpatterns = [path("v1/track/<str:typed>/", TrackView.as_view(), name="api_track")]
