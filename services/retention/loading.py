"""Brings the table of periods to what the rules in the code say; the ministry's own stay."""

from django.db import transaction
from django.db.models import F

from services.retention.models import RetentionPeriod
from services.retention.rules import RULES


def load_periods() -> int:
    """Write the period of every kind that has one; return how many kinds that are.

    A legal minimum that rose above what the ministry had set ends the ministry's own period.
    """
    with transaction.atomic():
        RetentionPeriod.objects.exclude(kind__in=list(RULES)).delete()
        for rule in RULES.values():
            if rule.usual_days is None or rule.minimum_days is None:
                RetentionPeriod.objects.filter(kind=rule.kind).delete()
                continue
            found = RetentionPeriod.objects.filter(kind=rule.kind)
            found.filter(own_days__lt=rule.minimum_days).update(own_days=None)
            RetentionPeriod.objects.update_or_create(
                kind=rule.kind,
                defaults={"usual_days": rule.usual_days, "minimum_days": rule.minimum_days},
            )
    return RetentionPeriod.objects.filter(usual_days__gte=F("minimum_days")).count()
