"""Notices to people: of a closed day to all who work there; read once, then out of the way."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.audit.actions import record
from owso.errors import NotFound
from services.escalation.models import Notice, NoticeKind
from services.offices.actors import Actor
from services.offices.models import Closure, StaffRole
from tenants import clock


def tell_of_closure(closure: Closure, moved: int) -> None:
    """Tell everybody who works at the office; `moved` open deadlines went with it."""
    people = StaffRole.objects.filter(office_id=closure.office_id, user__is_active=True)
    Notice.objects.bulk_create(
        [
            Notice(
                user_id=user_id,
                kind=NoticeKind.CLOSURE,
                closure=closure,
                moved=moved,
                created_at=closure.recorded_at,
            )
            for user_id in people.order_by("user_id").values_list("user_id", flat=True).distinct()
        ],
        ignore_conflicts=True,
    )


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
