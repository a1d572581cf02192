"""Django configuration of ratings and complaints."""

from django.apps import AppConfig


class VoiceConfig(AppConfig):
    """Ratings and complaints (province schema)."""

    name = "services.voice"
    label = "voice"
    default_auto_field = "django.db.models.BigAutoField"
