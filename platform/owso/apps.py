"""The project's own application: base templates, tags and static files."""

from django.apps import AppConfig
from django.core.management.commands import makemigrations
from django_tenants.management.commands import migrate_schemas


class OwsoConfig(AppConfig):
    """Holds what every page shares; listed after pgtrigger."""

    name = "owso"

    def ready(self) -> None:
        """Make the two migration commands agree again.

        django-tenants replaces `migrate` and pgtrigger the autodetector of `makemigrations`;
        Django's check commands.E001 wants both to use the same one.
        """
        command = migrate_schemas.MigrateSchemasCommand
        command.autodetector = makemigrations.Command.autodetector
