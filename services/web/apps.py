"""Django configuration of the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages and templates; no models."""

    name = "services.web"
    label = "web"
