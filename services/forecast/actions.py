"""Works the likely times of every province out anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from services.forecast.learning import Manners, Model, rows_of
from services.forecast.measuring import Judged, held_back, latest_quarter
from services.forecast.models import ForecastTable
from services.forecast.reading import past_visits
from services.forecast.visits import Nation, PastVisit
from tenants import clock
from tenants.context import as_national, each_province
from tenants.models import Province

HOLDS_FOR = timedelta(hours=12)

logger = structlog.get_logger(__name__)


def refresh_forecasts(now: datetime | None = None) -> int:
    """Learn from the last half year everywhere; return how many provinces were written.

    Each province commits on its own; one that fails keeps its older table.
    """
    moment = now or clock.now()
    until = clock.local_day(moment)
    nation, written = Nation(), 0
    for _province in each_province():
        nation.add(past_visits(until))
    for province in each_province():
        try:
            content = content_of(past_visits(until), nation)
            _keep(province, content, moment)
        except Exception:
            logger.exception("forecast_not_refreshed", province=province.code)
        else:
            written += 1
    return written


def is_due(now: datetime | None = None) -> bool:
    """Say whether a province has no table, or one that is older than it should be."""
    moment = now or clock.now()
    fresh = ForecastTable.objects.filter(computed_at__gt=moment - HOLDS_FOR)
    return bool(fresh.count() < Province.objects.count())


def content_of(visits: Sequence[PastVisit], nation: Nation) -> dict[str, list[Any]]:
    """Return the table of a province as it is kept: key, basis, rows."""
    manners, model = Manners(visits, nation), Model(visits, nation)
    found = {}
    for office_id, service_id, stage_code in model.places():
        manner = manners.of(service_id)
        rows = rows_of(model, (office_id, service_id, stage_code), manner)
        if rows:
            found[f"{office_id}:{service_id}:{stage_code}"] = [manner.basis, rows]
    return found


def judged(until: date, *, most: int) -> tuple[list[Judged], list[Judged]]:
    """Return what forecasts would have told of requests held back, and of the latest quarter.

    Asked are the `most` provinces with the most visits; the nation is all of them.
    """
    nation, sizes = Nation(), {}
    for province in each_province():
        visits = past_visits(until)
        nation.add(visits)
        sizes[province.pk] = len(visits)
    largest = sorted(sizes, key=lambda key: sizes[key])[-most:]
    spread: list[Judged] = []
    late: list[Judged] = []
    for province in each_province():
        if province.pk in largest:
            visits = past_visits(until)
            spread += held_back(visits, nation)
            late += latest_quarter(visits, nation)
    return spread, late


def _keep(province: Province, content: dict[str, list[Any]], moment: datetime) -> None:
    with as_national():
        ForecastTable.objects.update_or_create(
            province_id=province.pk, defaults={"computed_at": moment, "content": content}
        )
