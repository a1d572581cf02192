"""Reads the past visits of the current province; nothing of them is personal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection

from services.calendars.axis import WorkingAxis
from services.forecast.visits import PastVisit
from services.offices.calendars import calendar_of

WINDOW = timedelta(days=180)
"""What ended longer ago tells nothing of today."""
MARGIN = timedelta(days=500)
MOST = 400
"""So many of the latest requests of a service at an office are read."""

# The ledger has its days in order on the disk: only those of the window are read.
_VISITS = """
WITH ended AS MATERIALIZED (
    SELECT request_id, occurred_at AS ready_at,
        row_number() OVER (PARTITION BY office_id, service_id ORDER BY occurred_at DESC) AS place
    FROM requests_requestevent
    WHERE kind = 'ready' AND occurred_on >= %(first)s AND occurred_on <= %(last)s
)
SELECT v.office_id, r.service_id, v.stage_code, r.id, v.entered_at, v.left_at, e.ready_at, r.due_at
FROM ended e
JOIN requests_servicerequest r ON r.id = e.request_id
JOIN requests_stagevisit v ON v.request_id = r.id
WHERE e.place <= %(most)s AND v.left_at <= e.ready_at AND v.office_id = r.office_id
"""


def past_visits(until: date, *, since: date | None = None) -> list[PastVisit]:
    """Return the visits of requests that became ready in the window that ends on a day."""
    first = since or until - WINDOW
    axes: dict[int, WorkingAxis] = {}
    with connection.cursor() as cursor:
        cursor.execute(_VISITS, {"first": first, "last": until, "most": MOST})
        return list(_measured(cursor.fetchall(), axes, first - MARGIN, until + MARGIN))


def _measured(
    rows: list[tuple[int, int, str, int, datetime, datetime, datetime, datetime]],
    axes: dict[int, WorkingAxis],
    first: date,
    last: date,
) -> Iterator[PastVisit]:
    for office_id, service_id, stage, request_id, entered_at, left_at, ready_at, due_at in rows:
        axis = axes.get(office_id)
        if axis is None:
            calendar = calendar_of(office_id)
            axis = axes[office_id] = WorkingAxis(calendar, first, (last - first).days)
        start = axis.position(entered_at)
        yield PastVisit(
            office_id,
            service_id,
            stage,
            request_id,
            axis.position(left_at) - start,
            axis.position(ready_at) - start,
            axis.position(due_at) - start,
            int(ready_at.timestamp()) // 60,
        )
