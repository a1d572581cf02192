"""The application of the audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only entries in every schema."""

    name = "owso.audit"
    default_auto_field = "django.db.models.BigAutoField"
