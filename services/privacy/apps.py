"""The application of data protection."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Disposal, holds, copies of data, corrections and objections in each province."""

    name = "services.privacy"
    default_auto_field = "django.db.models.BigAutoField"
