"""The nightly work of the forecasts."""

from services.forecast.actions import refresh_forecasts
from tenants.tasks import national_task


@national_task(soft_time_limit=3300, time_limit=3500)
def refresh() -> None:
    """Learn from the last half year of every province."""
    refresh_forecasts()
