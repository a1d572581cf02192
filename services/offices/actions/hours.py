"""When an office is open: hours chosen from the national list, or hours of its own."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import Invalid
from services.calendars.models import OfficeHours
from services.calendars.queries import read_calendar
from services.calendars.working import Periods, WorkingCalendar
from services.offices import following
from services.offices.actions.locking import lock_office
from services.offices.actors import Actor
from services.offices.calendars import content_of
from services.offices.marks import ensure_mark
from services.offices.models import Office, OwnPeriod
from services.offices.remembering import forget
from tenants import clock


def choose_hours(
    office_id: int, office_hours_id: int, *, by: Actor, now: datetime | None = None
) -> int:
    """Let an office keep hours of the national list; return how many open deadlines moved."""
    hours = OfficeHours.objects.filter(pk=office_hours_id).first()
    if hours is None:
        message = _("Choose one of the hours in the list.")
        raise Invalid("hours_unknown", message, fields={"hours": message})
    read_calendar(hours.pk)  # refuses hours that never open
    with transaction.atomic():
        office = lock_office(office_id, Verb.MANAGE_OFFICES, by=by)
        ensure_mark(office)
        OwnPeriod.objects.filter(office=office).delete()
        office.office_hours = hours
        office.save(update_fields=["office_hours"])
        return _changed(office, by=by, now=now, hours=hours.code)


def keep_own_hours(
    office_id: int, periods: Mapping[int, Periods], *, by: Actor, now: datetime | None = None
) -> int:
    """Let an office keep hours of its own; return how many open deadlines moved.

    Raises Invalid when it would never open, or when periods overlap or end before they begin.
    """
    try:
        calendar = WorkingCalendar(periods)
    except ValueError as error:
        message = _("Enter at least one day; each period ends after it begins, none overlap.")
        raise Invalid("hours_invalid", message, fields={"own": message}) from error
    with transaction.atomic():
        office = lock_office(office_id, Verb.MANAGE_OFFICES, by=by)
        ensure_mark(office)
        OwnPeriod.objects.filter(office=office).delete()
        OwnPeriod.objects.bulk_create(
            [
                OwnPeriod(office=office, weekday=weekday, opens_at=opens, closes_at=closes)
                for weekday, spans in periods.items()
                for opens, closes in spans
            ]
        )
        told = content_of(calendar)["periods"]
        return _changed(office, by=by, now=now, hours=told)


def _changed(office: Office, *, by: Actor, now: datetime | None, hours: object) -> int:
    moved = following.calendar_changed(office.pk, by=by, now=now or clock.now())
    record("change_hours", office, by=by, hours=hours, moved=moved)
    forget()
    return moved
