"""What the clock calls exists."""

from django.conf import settings

from owso.celery import app


def test_every_task_of_the_schedule_is_known_to_the_worker():
    app.loader.import_default_modules()
    called = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert called - set(app.tasks) == set()
