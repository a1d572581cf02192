"""Changing the ladder of a province."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Role
from owso.audit.actions import record
from owso.errors import Invalid, NotAllowed
from services.escalation.models import OFFSET_MAX, OFFSET_MIN, EscalationRule
from services.offices.actors import Actor

TOLD = ("tells_holders", "tells_chief", "tells_administrator")


def set_rule(offset_days: int, *, by: Actor, told: frozenset[str]) -> EscalationRule | None:
    """Set whom a step tells, adding the step when it is new; nobody told ends the step.

    `told` names among TOLD. Steps already taken stay, and are never taken again.
    """
    if not (by.is_system or any(grant.role == Role.ADMINISTRATOR for grant in by.grants)):
        raise NotAllowed(
            "not_allowed", _("Only an administrator of the province changes the reminders.")
        )
    if not OFFSET_MIN <= offset_days <= OFFSET_MAX or not told <= set(TOLD):
        message = _("Enter a number of days between 30 before and 90 after the limit.")
        raise Invalid("rule_invalid", message, fields={"offset_days": message})
    values = {name: name in told for name in TOLD}
    with transaction.atomic():
        rule = EscalationRule.objects.select_for_update().filter(offset_days=offset_days).first()
        if not told:
            if rule is not None:
                record("end_rule", rule, by=by, offset_days=offset_days)
                rule.delete()
            return None
        rule, _is_new = EscalationRule.objects.update_or_create(
            offset_days=offset_days, defaults={**values, "is_active": True}
        )
        record("set_rule", rule, by=by, offset_days=offset_days, **values)
    return rule
