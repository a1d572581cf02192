"""Keeping what one types into a form of a file, until it is sent; nobody else reads it."""

from datetime import datetime, timedelta

from django.db import transaction

from owso.audit.actions import record
from services.desk.actions.drafts import Content, sealed
from services.desk.models import UnsentText
from services.offices.actors import Actor
from services.requests.models import ServiceRequest
from tenants import clock

KEPT_FOR = timedelta(days=3)


@transaction.atomic
def keep_unsent(
    found: ServiceRequest, form: str, content: Content, *, by: Actor, now: datetime | None = None
) -> UnsentText | None:
    """Keep the words of one form for three days; without words drop what was kept.

    `found` is a request this person was shown. The audit trail has that a text was begun, not
    every key stroke.
    """
    assert by.user_id is not None  # the system types nothing
    if not any(value.strip() for values in content.values() for value in values):
        drop_unsent(found.pk, form, by=by)
        return None
    moment = now or clock.now()
    row, is_new = UnsentText.objects.update_or_create(
        owner_id=by.user_id,
        request=found,
        form=form,
        defaults={
            "content_sealed": sealed(content),
            "saved_at": moment,
            "expires_at": moment + KEPT_FOR,
        },
    )
    if is_new:
        record("begin_text", row, by=by, form=form, request=found.pk)
    return row


def drop_unsent(request_id: int, form: str, *, by: Actor) -> None:
    """Forget the words of one form: they were sent, or taken out again."""
    UnsentText.objects.filter(owner_id=by.user_id, request_id=request_id, form=form).delete()
