"""The application of the service catalogue."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The catalogue lives in the shared schema."""

    name = "services.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
