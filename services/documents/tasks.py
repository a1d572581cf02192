"""Background jobs of the documents."""

import structlog

from services.documents.uploading import clean_uploads
from tenants.context import each_province
from tenants.tasks import national_task

logger = structlog.get_logger(__name__)


@national_task()
def clean_all() -> None:
    """Discard abandoned uploads in every province; one that fails does not stop the others."""
    for province in each_province():
        try:
            cleaned = clean_uploads()
        except Exception:
            logger.exception("uploads_not_cleaned", province=province.code)
        else:
            if cleaned:
                logger.info("uploads_cleaned", number=cleaned)
