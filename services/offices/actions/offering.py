"""Which services of its level an office offers."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from django.db import transaction

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from services.offices.actions.locking import lock_office
from services.offices.actors import Actor
from services.offices.models import WithheldService
from services.offices.queries import at_level
from services.offices.remembering import forget
from tenants import clock


def choose_services(
    office_id: int, offered_ids: AbstractSet[int], *, by: Actor, now: datetime | None = None
) -> tuple[int, int]:
    """Offer just these of the services in force; return how many came and how many went.

    Requests that run go on. A service published later is offered until it is withheld.
    """
    moment = now or clock.now()
    with transaction.atomic():
        office = lock_office(office_id, Verb.RUN_OFFICE, by=by)
        known = {each.service_id: each.service_code for each in at_level(office.kind, moment)}
        rows = WithheldService.objects.filter(office=office, service_id__in=known)
        before = set(rows.values_list("service_id", flat=True))
        after = set(known) - set(offered_ids)
        came, went = before - after, after - before
        rows.filter(service_id__in=came).delete()
        WithheldService.objects.bulk_create(
            [
                WithheldService(
                    office=office,
                    service_id=service_id,
                    withheld_by_id=by.user_id,
                    withheld_at=moment,
                )
                for service_id in sorted(went)
            ]
        )
        if came or went:
            record(
                "choose_services",
                office,
                by=by,
                offered=sorted(known[each] for each in came),
                withheld=sorted(known[each] for each in went),
            )
            forget()
    return len(came), len(went)
