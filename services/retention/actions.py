"""What the ministry decides about retention."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.audit.actions import Doer, record
from owso.errors import Invalid, NotFound
from services.retention.models import RetentionPeriod
from tenants import clock

MOST_DAYS = 100 * 365


def set_period(kind: str, days: int | None, *, by: Doer) -> RetentionPeriod:
    """Set the ministry's own period of a kind in days; None returns to the usual one.

    Raises NotFound for a kind without a period, Invalid below the legal minimum or beyond a
    hundred years. The province's disposal keeps to it from the next batch on.
    """
    with transaction.atomic():
        row = RetentionPeriod.objects.select_for_update().filter(kind=kind).first()
        if row is None:
            raise NotFound
        if days is not None and not row.minimum_days <= days <= MOST_DAYS:
            message = _("Enter between %(least)s and %(most)s days: the law allows no less.")
            words = {"least": row.minimum_days, "most": MOST_DAYS}
            raise Invalid("period_not_legal", message % words, fields={"days": message % words})
        before, row.own_days = row.own_days, days
        row.set_by, row.set_at = by.name[:120], clock.now()
        row.save(update_fields=["own_days", "set_by", "set_at"])
        record("set_retention", row, by=by, kind=kind, days=[before, days])
    return row
