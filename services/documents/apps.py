"""Django configuration of the documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Documents and their uploads (province schema)."""

    name = "services.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
