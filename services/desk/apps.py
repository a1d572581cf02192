"""Django configuration of the front desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Drafts, consents and the log of prints (province schema)."""

    name = "services.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
