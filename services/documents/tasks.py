"""Background jobs of the documents."""

import structlog

from services.documents.thumbnails import draw_missing, draw_thumbnail
from services.documents.uploading import clean_uploads
from tenants.context import each_province
from tenants.models import Province
from tenants.tasks import national_task, province_task

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


@province_task()
def draw(_province: Province, document_id: int) -> None:
    """Draw the small picture of a document that was just attached."""
    draw_thumbnail(document_id)


@national_task(soft_time_limit=1500, time_limit=1700)
def draw_all() -> None:
    """Draw what was not drawn when it was attached; a failing province does not stop the others."""
    for province in each_province():
        try:
            drawn = draw_missing()
        except Exception:
            logger.exception("thumbnails_not_drawn", province=province.code)
        else:
            if drawn:
                logger.info("thumbnails_drawn", number=drawn)
