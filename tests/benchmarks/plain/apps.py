"""The application of the plain build."""

from django.apps import AppConfig


class PlainConfig(AppConfig):
    """Five tables as anybody would write them."""

    name = "tests.benchmarks.plain"
    label = "plain"
    default_auto_field = "django.db.models.BigAutoField"
