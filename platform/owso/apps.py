"""The project's own application: base templates, tags and static files."""

import importlib

from django.apps import AppConfig
from django.core.management.commands import makemigrations
from django_tenants.management.commands import migrate_schemas


class OwsoConfig(AppConfig):
    """Holds what every page shares; listed after pgtrigger."""

    name = "owso"

    def ready(self) -> None:
        """Give every process its queue, and make the two migration commands agree again.

        Without the project's own Celery application a task would go to a default broker.
        django-tenants replaces `migrate` and pgtrigger the autodetector of `makemigrations`;
        Django's check commands.E001 wants both to use the same one.
        """
        from owso import celery  # noqa: F401 - becomes the default application

        importlib.import_module("owso.celery")
        command = migrate_schemas.MigrateSchemasCommand
        command.autodetector = makemigrations.Command.autodetector
