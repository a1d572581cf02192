"""The application of the provinces."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class TenantsConfig(AppConfig):
    """Registers the start-up checks that refuse an unsafe database."""

    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register checks and repair the migrate command for pgtrigger."""
        from django.core.management.commands import makemigrations
        from django_tenants.management.commands import migrate_schemas

        from tenants import checks

        register(Tags.database)(checks.check_database)
        # django-tenants replaces `migrate`, pgtrigger replaces the autodetector of both:
        # Django's check commands.E001 wants the two to agree.
        migrate_schemas.MigrateSchemasCommand.autodetector = makemigrations.Command.autodetector
