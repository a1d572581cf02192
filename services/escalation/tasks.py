"""The periodic look at every province: keep its deadlines, then take the steps that are due."""

from __future__ import annotations

from services.escalation.actions import escalate
from services.offices.actors import system_actor
from services.requests.actions import keep_deadlines
from tenants.models import Province
from tenants.tasks import national_task, province_task

EXPIRES = 55
BY = "escalation"


@national_task()
def escalate_everywhere() -> None:
    """Ask for a look at each province; one that is slow does not hold the others up."""
    for province in Province.objects.order_by("code"):
        escalate_province.apply_async((province.schema_name,), expires=EXPIRES)


@province_task()
def escalate_province(province: Province) -> None:
    """Keep the deadlines of a province, then take its steps."""
    by = system_actor(BY)
    keep_deadlines(by=by)
    escalate(by=by)
