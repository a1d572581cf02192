"""Notices to people: closed days and days taken back, to all who work there; read once."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.audit.actions import record
from owso.errors import NotFound
from services.escalation.models import Notice, NoticeKind
from services.offices.actors import Actor
from services.offices.models import Closure, Office, StaffRole
from tenants import clock


def tell_of_closure(closure: Closure, moved: int) -> None:
    """Tell everybody who works at the office; `moved` open deadlines went with it."""
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=user_id,
                kind=NoticeKind.CLOSURE,
                closure=closure,
                moved=moved,
                created_at=closure.recorded_at,
            )
            for user_id in _who_works_at(closure.office_id)
        ],
        ignore_conflicts=True,
    )


def tell_of_reopening(office: Office, day: date, moved: int, now: datetime) -> None:
    """Tell everybody who works at an office that a closed day was taken back.

    What they were told of the closed day goes with it; `moved` open deadlines came nearer.
    """
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=user_id,
                kind=NoticeKind.REOPENED,
                office=office,
                day=day,
                moved=moved,
                created_at=now,
            )
            for user_id in _who_works_at(office.pk)
        ]
    )


def _who_works_at(office_id: int) -> Iterable[int]:
    people = StaffRole.objects.filter(office_id=office_id, user__is_active=True)
    return people.order_by("user_id").values_list("user_id", flat=True).distinct()


def read_notices(*, by: Actor, notice_id: int | None = None, now: datetime | None = None) -> int:
    """Mark one of one's own notices as read, or all; return how many were unread.

    Somebody else's notice raises NotFound, as one that does not exist.
    """
    moment = now or clock.now()
    with transaction.atomic():
        mine = Notice.objects.filter(user_id=by.user_id or 0)
        if notice_id is not None:
            mine = mine.filter(pk=notice_id)
            if not mine.exists():
                raise NotFound("notice_unknown", _("There is no such notice for you."))
        unread = mine.filter(read_at__isnull=True)
        last = unread.order_by("-pk").first()
        count = unread.update(read_at=moment)
        if last is not None:
            record("read_notices", last, by=by, count=count)
    return count
