"""Knows until when the figures of each province are complete, and why when they are not."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import DatabaseError, connection, transaction

from analytics.folding import fold, pending
from analytics.models import Freshness
from tenants import clock
from tenants.context import as_national
from tenants.models import Province

logger = structlog.get_logger(__name__)
# A province with a long backlog, after an import, leaves the sweep to the others in between.
SWEEP_BATCHES = 2


def sweep_province(province: Province) -> bool:
    """Fold what is new in a province and note until when its figures are complete.

    Returns whether they are complete now. A failure is logged and noted, never raised: the
    other provinces go on.
    """
    try:
        moment, has_pending = pending(province)
        if has_pending:
            fold(province, batches=SWEEP_BATCHES)
            moment, has_pending = pending(province)
    except Exception as error:
        logger.exception("fold_failed", province=province.code)
        _note_failure(province, type(error).__name__)
        return False
    if not has_pending:
        _note_current(province, moment)
    return not has_pending


def _note_current(province: Province, moment: datetime) -> None:
    with as_national(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO analytics_freshness (province_id, current_at, failure) VALUES (%s, %s, '')"
            " ON CONFLICT (province_id) DO UPDATE SET current_at = excluded.current_at,"
            " failing_since = NULL, failure = ''",
            [province.pk, moment],
        )


def _note_failure(province: Province, failure: str) -> None:
    try:
        with as_national(), transaction.atomic():
            row, _ = Freshness.objects.get_or_create(province=province)
            if row.failing_since is None or row.failure != failure:
                row.failing_since = row.failing_since or clock.now()
                row.failure = failure
                row.save(update_fields=["failing_since", "failure"])
    except DatabaseError:
        logger.exception("failure_not_noted", province=province.code)
