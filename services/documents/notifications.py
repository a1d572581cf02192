"""What the documents ask of the workers after a commit."""

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from tenants.context import current_province

DRAW = "services.documents.tasks.draw"
_HOUR_S = 3600
logger = structlog.get_logger(__name__)


def ask_for_thumbnail(document_id: int) -> None:
    """Let a worker draw the small picture of a document once its row is committed.

    A broker that is down is logged: the hourly task draws what is missing.
    """
    schema_name = current_province().schema_name

    def ask() -> None:
        try:
            # By name: the task calls actions, and an action asks for it.
            current_app.send_task(DRAW, (schema_name, document_id), expires=_HOUR_S)
        except (RedisError, KombuError, OSError) as error:
            logger.warning("thumbnail_not_asked_for", kind=type(error).__name__)

    transaction.on_commit(ask, robust=True)
