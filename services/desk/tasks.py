"""Jobs of the front desk: drafts nobody came back to."""

from __future__ import annotations

import structlog
from celery import shared_task

from services.desk.actions.drafts import drop_expired
from tenants.context import each_province
from tenants.tasks import DEFAULTS

logger = structlog.get_logger(__name__)


@shared_task(**DEFAULTS)  # type: ignore[untyped-decorator]  # celery has no types for it
def drop_expired_drafts() -> None:
    """Delete what has expired in every province; one that fails does not stop the others."""
    for province in each_province():
        try:
            drop_expired()
        except Exception:
            logger.exception("drafts_not_dropped", province=province.code)
