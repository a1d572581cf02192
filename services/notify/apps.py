"""Django configuration of following and messages."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Followings, messages on their way and numbers that want none (province schema)."""

    name = "services.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"
