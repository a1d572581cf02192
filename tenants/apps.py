"""The application of the provinces."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class TenantsConfig(AppConfig):
    """Registers the start-up checks that refuse an unsafe database."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks of the database."""
        from tenants import checks

        register(Tags.database)(checks.check_database)
