"""The project's own application: base templates, tags and static files."""

from django.apps import AppConfig


class OwsoConfig(AppConfig):
    """Holds what every page shares."""

    name = "owso"
