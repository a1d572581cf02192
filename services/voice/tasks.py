"""The hourly look at complaints whose answer is late."""

import structlog

from services.voice.actions import escalate_late_complaints
from tenants.context import each_province
from tenants.tasks import national_task

logger = structlog.get_logger(__name__)


@national_task()
def escalate_everywhere() -> None:
    """Mark late complaints in every province; one that fails does not stop the others."""
    for province in each_province():
        try:
            count = escalate_late_complaints()
        except Exception:
            logger.exception("complaints_not_escalated", province=province.code)
        else:
            if count:
                logger.info("complaints_late", number=count)
