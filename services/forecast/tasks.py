"""The background work of the forecasts."""

from services.forecast.actions import is_due, refresh_forecasts
from tenants.tasks import national_task


@national_task(soft_time_limit=3300, time_limit=3500)
def refresh() -> None:
    """Learn from the last half year of every province, twice a day and wherever it is missing."""
    if is_due():
        refresh_forecasts()
