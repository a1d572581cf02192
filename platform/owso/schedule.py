"""What the clock calls and when, and which jobs have a worker of their own."""

from typing import Any

from celery.schedules import crontab

Moment = float | crontab
HOUR = 3600.0


def _at(moment: Moment, task: str, *, expires: int = int(HOUR)) -> dict[str, Any]:
    """A task at a moment or every so many seconds; left out when not started in `expires`."""
    return {"task": task, "schedule": moment, "options": {"expires": expires}}


# What takes long has a worker of its own, so that a figure never waits for a recount.
_LONG = (
    "analytics.tasks.verify_*",
    "tenants.auditing.*",
    "services.documents.tasks.*",
    "services.desk.tasks.*",
    "services.privacy.tasks.*",
    "analytics.tasks.refresh_standards",
    "services.forecast.tasks.*",
)
ROUTES = {name: {"queue": "owso-long"} for name in _LONG} | {
    "services.notify.tasks.*": {"queue": "owso-notices"}
}

SCHEDULE = {
    "sweep": _at(2.0, "analytics.tasks.sweep", expires=4),
    "verify-recent": _at(300.0, "analytics.tasks.verify_recent", expires=300),
    "verify": _at(HOUR, "analytics.tasks.verify_all"),
    "escalate": _at(60.0, "services.escalation.tasks.escalate_everywhere", expires=55),
    "drop-expired-drafts": _at(HOUR, "services.desk.tasks.drop_expired_drafts"),
    "seal-audit": _at(60.0, "tenants.auditing.seal_all", expires=60),
    "verify-audit": _at(crontab(hour="2", minute="20"), "tenants.auditing.verify_all"),
    "clean-uploads": _at(HOUR, "services.documents.tasks.clean_all"),
    "draw-thumbnails": _at(HOUR, "services.documents.tasks.draw_all"),
    "dispose": _at(
        crontab(day_of_week="sun", hour="1", minute="10"),
        "services.privacy.tasks.dispose_everywhere",
    ),
    "tell-followers": _at(5.0, "services.notify.tasks.look_everywhere", expires=5),
    "forget-addresses": _at(
        crontab(hour="3", minute="10"), "services.notify.tasks.forget_everywhere"
    ),
    "refresh-standards": _at(600.0, "analytics.tasks.refresh_standards", expires=600),
    "refresh-forecasts": _at(600.0, "services.forecast.tasks.refresh", expires=600),
    "escalate-complaints": _at(HOUR, "services.voice.tasks.escalate_everywhere"),
    "ask-banks": _at(20.0, "services.cashier.tasks.ask_banks", expires=20),
}
