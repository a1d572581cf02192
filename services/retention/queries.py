"""The rules together with the periods in force."""

from dataclasses import dataclass

from services.retention.models import RetentionPeriod
from services.retention.rules import RULES, DataKind, Rule


@dataclass(frozen=True, slots=True)
class InForce:
    """One rule and the days that hold now; None where no period runs."""

    rule: Rule
    days: int | None
    is_own: bool


def rules_in_force() -> tuple[InForce, ...]:
    """Return every rule with its days, in the order of the rules. One query."""
    rows = {row.kind: row for row in RetentionPeriod.objects.all()}
    return tuple(_in_force(rule, rows.get(rule.kind)) for rule in RULES.values())


def days_of(kind: DataKind) -> int | None:
    """Return how long a kind of data is kept, in days; None where no period runs."""
    row = RetentionPeriod.objects.filter(kind=kind).first()
    return None if row is None else row.days


def _in_force(rule: Rule, row: RetentionPeriod | None) -> InForce:
    if row is None:
        return InForce(rule, None, is_own=False)
    return InForce(rule, row.days, is_own=row.own_days is not None)
