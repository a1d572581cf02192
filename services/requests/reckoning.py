"""The deadlines of an open request by rule, from its times, its limits and its pauses alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.calendars.deadlines import (
    add_working_days,
    add_working_minutes,
    working_minutes_between,
)
from services.calendars.moving import moved_deadline
from services.calendars.working import WorkingCalendar
from services.catalogue.queries import terms as terms_of
from services.requests.models import Pause, ServiceRequest


@dataclass(frozen=True, slots=True)
class Days:
    """Legal limit, promise, limit of the current stage, and the working minutes it waited."""

    due_at: datetime
    promised_at: datetime
    stage_due_at: datetime
    paused_minutes: int

    @classmethod
    def stored(cls, request: ServiceRequest) -> "Days":
        """Return the days as they are written."""
        assert request.due_at is not None
        assert request.promised_at is not None
        assert request.current_visit is not None
        return cls(
            request.due_at,
            request.promised_at,
            request.current_visit.due_at,
            request.paused_minutes,
        )

    def rest_on(self, reckoned: "Days") -> bool:
        """Say whether the legal limit is what the rule gives."""
        return self.due_at == reckoned.due_at


def days_of(request: ServiceRequest, pauses: Iterable[Pause], calendar: WorkingCalendar) -> Days:
    """Return the days of an open request by rule; `pauses` are those that have ended.

    Equal to what registering, pausing and resuming have written on the same calendar.
    """
    terms = terms_of(request.service_version_id)
    start, visit = request.registered_at, request.current_visit
    assert start is not None
    assert visit is not None
    paused = paused_here = 0
    for pause in pauses:
        assert pause.ended_at is not None
        minutes = working_minutes_between(pause.started_at, pause.ended_at, calendar)
        paused += minutes
        paused_here += minutes if pause.visit_id == visit.pk else 0
    limit = add_working_days(start, terms.limit_days, calendar)
    planned = sum(stage.limit_minutes for stage in terms.stages)
    promise = min(limit, add_working_minutes(start, planned, calendar))
    due_at = add_working_minutes(limit, paused, calendar)
    return Days(
        due_at,
        min(due_at, add_working_minutes(promise, paused, calendar)),
        add_working_minutes(visit.entered_at, visit.planned_minutes + paused_here, calendar),
        paused,
    )


def days_after(
    request: ServiceRequest, now: Days, *, before: WorkingCalendar, after: WorkingCalendar
) -> Days:
    """Return the days of a request whose limit no rule gave, after its calendar changed.

    A forwarded file counts from its arrival: what closed before then closed elsewhere.
    """
    visit = request.current_visit
    assert visit is not None
    assert request.registered_at is not None
    is_elsewhere = request.received_office_id != request.office_id
    start = visit.entered_at if is_elsewhere else request.registered_at

    def moved(moment: datetime, since: datetime) -> datetime:
        return moved_deadline(moment, since, before=before, after=after)

    due_at = moved(now.due_at, start)
    return Days(
        due_at,
        min(due_at, moved(now.promised_at, start)),
        moved(now.stage_due_at, visit.entered_at),
        now.paused_minutes,
    )
