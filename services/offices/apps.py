"""Django configuration of the offices of a province."""

from django.apps import AppConfig


class OfficesConfig(AppConfig):
    """Offices, counters and the roles of their staff (province schema)."""

    name = "services.offices"
    label = "offices"
    default_auto_field = "django.db.models.BigAutoField"
