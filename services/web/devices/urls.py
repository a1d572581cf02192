"""Addresses of a shared computer, under /computer/."""

from django.urls import path

from services.web.devices import device_views, switch_views

urlpatterns = [
    path("", switch_views.switch, name="switch"),
    path("lock", switch_views.lock_computer, name="lock"),
    path("device", device_views.device_page, name="device"),
    path("device/enrol", device_views.enrol, name="enrol_device"),
    path("device/pin", device_views.choose_pin, name="choose_pin"),
    path("device/pin/drop", device_views.drop_own_pin, name="drop_pin"),
    path("device/<int:device_id>/remove", device_views.remove, name="remove_device"),
]
