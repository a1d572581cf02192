"""Django configuration of the national layer."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Facts, folding, verification and the ministry's page (shared schema)."""

    name = "analytics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have a fold enqueued after each commit that wrote events."""
        from analytics.tasks import enqueue_fold
        from services.requests import notices

        notices.register(enqueue_fold)
