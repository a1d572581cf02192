"""Django configuration of the reminders and notices."""

from django.apps import AppConfig


class EscalationConfig(AppConfig):
    """Rules, steps taken and notices (province schema)."""

    name = "services.escalation"
    label = "escalation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have people told when their office stays closed, and when it works after all."""
        from services.escalation.telling import tell_of_closure, tell_of_reopening
        from services.offices import following

        following.after_a_closure.append(tell_of_closure)
        following.after_a_reopening.append(tell_of_reopening)
