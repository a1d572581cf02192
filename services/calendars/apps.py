"""The application of office hours and holidays."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Calendars live in the shared schema."""

    name = "services.calendars"
    label = "calendars"
    default_auto_field = "django.db.models.BigAutoField"
