"""The application of the retention periods."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Periods in the shared schema; the provinces read them."""

    name = "services.retention"
    default_auto_field = "django.db.models.BigAutoField"
