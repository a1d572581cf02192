"""Django configuration of the forecasts."""

from django.apps import AppConfig


class ForecastConfig(AppConfig):
    """Tables of likely times, one row a province (shared schema)."""

    name = "services.forecast"
    label = "forecast"
    default_auto_field = "django.db.models.BigAutoField"
