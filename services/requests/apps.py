"""Django configuration of the citizens' requests."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Requests, their stages, pauses and events (province schema)."""

    name = "services.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hand the rules of open files down to the offices."""
        from services.offices import following
        from services.requests.actions.recomputing import recompute_deadlines, refuse_open_files

        following.before_an_office_ends.append(refuse_open_files)
        following.after_a_calendar_changed.append(
            lambda office_id, by, now: recompute_deadlines(office_id, by=by, now=now)
        )
