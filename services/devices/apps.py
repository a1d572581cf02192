"""Django configuration of the shared computers."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Computers that several people share, with their PINs (province schema)."""

    name = "services.devices"
    label = "devices"
    default_auto_field = "django.db.models.BigAutoField"
