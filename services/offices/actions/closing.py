"""Days on which an office stays closed: recorded, announced, and the open deadlines moved."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import Conflict, Invalid, Message
from services.offices import following
from services.offices.actions.locking import lock_office
from services.offices.actors import Actor
from services.offices.calendars import fresh_calendar
from services.offices.marks import ensure_mark
from services.offices.models import Closure
from services.offices.remembering import forget
from tenants import clock

REASON_LENGTH = 200
# A flood is known afterwards, too: so far back a closed day may be recorded.
DAYS_BACK, DAYS_AHEAD = 14, 366


def close_offices(
    office_ids: Sequence[int],
    days: Sequence[date],
    *,
    reason_km: str,
    reason_en: str = "",
    by: Actor,
    now: datetime | None = None,
) -> int:
    """Close offices on some days and move their open deadlines; return how many moved.

    Each office is a transaction of its own: all its days, deadlines and notices, or nothing.
    Days that were recorded before or on which the office is closed anyway are left out.
    Raises Invalid and NotAllowed before anything is written, Conflict when no day is left.
    """
    moment = now or clock.now()
    reasons = _reasons(reason_km, reason_en)
    _check_days(days, today=clock.local_day(moment))
    for office_id in office_ids:
        by.require(Verb.RUN_OFFICE, office_id=office_id)
    closed = [_close(office_id, days, *reasons, by=by, now=moment) for office_id in office_ids]
    if not any(rows for rows, _moved in closed):
        raise Conflict(
            "closed_anyway", _("On these days the office is closed anyway. Nothing was changed.")
        )
    return sum(moved for _rows, moved in closed)


def reopen_day(office_id: int, day: date, *, by: Actor, now: datetime | None = None) -> int:
    """Take a closed day back, move the open deadlines and tell people; return how many moved.

    A day that is past stays: the office was closed.
    """
    moment = now or clock.now()
    with transaction.atomic():
        office = lock_office(office_id, Verb.RUN_OFFICE, by=by)
        closure = Closure.objects.filter(office=office, day=day).first()
        if closure is None:
            return 0
        if day < clock.local_day(moment):
            raise Conflict("day_is_past", _("This day is past: the office was closed on it."))
        ensure_mark(office)
        closure.delete()
        moved = following.calendar_changed(office.pk, by=by, now=moment)
        record("reopen_day", office, by=by, day=day.isoformat(), moved=moved)
        following.announce_reopening(office, day, moved, now=moment)
        forget()
    return moved


def _close(
    office_id: int,
    days: Sequence[date],
    reason_km: str,
    reason_en: str,
    *,
    by: Actor,
    now: datetime,
) -> tuple[list[Closure], int]:
    with transaction.atomic():
        office = lock_office(office_id, Verb.RUN_OFFICE, by=by)
        ensure_mark(office)
        calendar = fresh_calendar(office)
        rows = [
            Closure(
                office=office,
                day=day,
                reason_km=reason_km,
                reason_en=reason_en,
                recorded_by_id=by.user_id,
                recorded_at=now,
            )
            for day in sorted(set(days))
            if calendar.is_working_day(day)
        ]
        if not rows:
            return [], 0
        Closure.objects.bulk_create(rows)
        moved = following.calendar_changed(office.pk, by=by, now=now)
        told = [row.day.isoformat() for row in rows]
        record("close_office", office, by=by, days=told, reason=reason_km, moved=moved)
        for row in rows:
            following.announce(row, moved)
        forget()
    return rows, moved


def _reasons(reason_km: str, reason_en: str) -> tuple[str, str]:
    texts = {"reason_km": " ".join(reason_km.split()), "reason_en": " ".join(reason_en.split())}
    wrong: dict[str, Message] = {
        name: _("This text is too long. Shorten it.")
        for name, text in texts.items()
        if len(text) > REASON_LENGTH
    }
    if not texts["reason_km"]:
        wrong["reason_km"] = _("Write the reason in Khmer; citizens read it.")
    if wrong:
        raise Invalid(
            "closure_invalid",
            _("Some of what was entered cannot be accepted. Correct the marked fields."),
            fields=wrong,
        )
    return texts["reason_km"], texts["reason_en"]


def _check_days(days: Sequence[date], *, today: date) -> None:
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    if days and all(first <= day <= last for day in days):
        return
    message = _("Choose days from two weeks ago to one year ahead.")
    raise Invalid("day_invalid", message, fields={"first_day": message})
