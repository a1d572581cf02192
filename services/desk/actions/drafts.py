"""Keeping a form as one types it, so that a lost line or a session that ended costs nothing."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import NotFound
from services.desk.models import Draft, UnsentText
from services.offices.actors import Actor
from services.requests.models import ServiceRequest
from tenants import clock, sealing

KEPT_FOR = timedelta(days=3)
KEPT_EACH = 20
LONGEST_VALUE = 2000
Content = Mapping[str, Sequence[str]]


def save_draft(
    key: UUID,
    content: Content,
    *,
    by: Actor,
    office_id: int,
    service_code: str = "",
    now: datetime | None = None,
) -> Draft | None:
    """Keep what was typed so far under the form's own key; None when it is registered already.

    Belongs to this person at this office and is kept for three days after the last change; the
    twenty newest stay. The audit trail has its beginning and its end, not every key stroke.
    Raises NotAllowed, and NotFound for the key of another person's or office's draft.
    """
    by.require(Verb.REGISTER, office_id=office_id)
    assert by.user_id is not None  # a draft is somebody's; the system types nothing
    moment = now or clock.now()
    fresh = Draft(
        key=key,
        owner_id=by.user_id,
        office_id=office_id,
        service_code=service_code,
        content_sealed=sealed(content),
        started_at=moment,
        saved_at=moment,
        expires_at=moment + KEPT_FOR,
    )
    try:
        with transaction.atomic():
            return _written(fresh, by=by)
    except IntegrityError:  # the same form began to be kept at this very moment
        with transaction.atomic():
            return _written(fresh, by=by)


def discard_draft(key: UUID, *, by: Actor, office_id: int) -> None:
    """Throw one's own draft away; raises NotFound for anybody else's."""
    with transaction.atomic():
        mine = Draft.objects.select_for_update(of=("self",))
        draft = mine.filter(key=key, owner_id=by.user_id, office_id=office_id).first()
        if draft is None:
            raise NotFound
        record("discard_draft", draft, by=by)
        draft.delete()


def drop_expired(now: datetime | None = None) -> int:
    """Delete the drafts and texts nobody came back to; returns how many there were."""
    over = {"expires_at__lte": now or clock.now()}
    return sum(model.objects.filter(**over).delete()[0] for model in (Draft, UnsentText))


def sealed(content: Content) -> bytes:
    """Return what was typed as it is kept: each value cut at its longest, sealed."""
    kept = {name: [value[:LONGEST_VALUE] for value in values] for name, values in content.items()}
    return sealing.seal(json.dumps(kept, ensure_ascii=False))


def _written(fresh: Draft, *, by: Actor) -> Draft | None:
    kept = Draft.objects.select_for_update(of=("self",)).filter(key=fresh.key).first()
    if kept is None:
        return _begun(fresh, by=by)
    if (kept.owner_id, kept.office_id) != (fresh.owner_id, fresh.office_id):
        raise NotFound
    kept.service_code, kept.content_sealed = fresh.service_code, fresh.content_sealed
    # Two savings may overtake each other on a slow line; time never goes back.
    kept.saved_at = max(kept.saved_at, fresh.saved_at)
    kept.expires_at = max(kept.expires_at, fresh.expires_at)
    kept.save(update_fields=["service_code", "content_sealed", "saved_at", "expires_at"])
    return kept


def _begun(fresh: Draft, *, by: Actor) -> Draft | None:
    # A saving that comes in after the form was registered must not bring the draft back.
    if ServiceRequest.objects.filter(idempotency_key=fresh.key).exists():
        return None
    fresh.save(force_insert=True)
    record("start_draft", fresh, by=by)
    mine = Draft.objects.filter(owner_id=fresh.owner_id, office_id=fresh.office_id)
    too_many = list(mine.order_by("-saved_at", "-id").values_list("id")[KEPT_EACH:])
    if too_many:
        Draft.objects.filter(id__in=[row[0] for row in too_many]).delete()
    return fresh
