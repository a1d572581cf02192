"""The application of the provinces."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class TenantsConfig(AppConfig):
    """Registers the start-up checks that refuse an unsafe database, and the audit's tasks."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks of the database and the tasks that seal and verify."""
        from tenants import auditing as auditing
        from tenants import checks

        register(Tags.database)(checks.check_database)
