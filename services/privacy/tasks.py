"""The weekly disposal."""

from __future__ import annotations

import structlog

from services.offices.actors import system_actor
from services.privacy.actions.disposing import dispose
from tenants.models import Province
from tenants.tasks import national_task, province_task

logger = structlog.get_logger(__name__)
BY = "disposal"
HOURS = 3600


@national_task()
def dispose_everywhere() -> None:
    """Ask for the disposal of each province; one that fails does not stop the others."""
    for province in Province.objects.order_by("code"):
        dispose_province.apply_async((province.schema_name,))


@province_task(soft_time_limit=2 * HOURS, time_limit=2 * HOURS + 300)
def dispose_province(province: Province) -> None:
    """Dispose in one province; a run that was cut off goes on where it stood."""
    run = dispose(by=system_actor(BY))
    taken = {kind: figures["taken"] for kind, figures in run.report.items() if figures["taken"]}
    logger.info("data_disposed", province=province.code, **taken)
