"""The Celery application: tasks over Valkey, one public beat schedule that fans out."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "owso.settings")
app = Celery("owso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
