"""Django configuration of the back office's work."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Who works on a file, notes, opinions, drafts and signed documents (province schema)."""

    name = "services.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand the rules of leaving a stage down to the requests."""
        from services.casework.rules import check_opinions, check_signature
        from services.requests import preconditions

        preconditions.before_leaving.extend((check_opinions, check_signature))
