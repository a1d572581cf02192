"""Django configuration of the citizens' requests."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Requests, their stages, pauses and events (province schema)."""

    name = "services.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"
