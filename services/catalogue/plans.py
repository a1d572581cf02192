"""Stage plans: how the working time of a legal limit is divided between those who act.

[A] Official procedures name the number of stages (12 to 16) but not their limits. The plans here
are assumptions to be adjusted per service; a plan never takes longer than the legal limit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from owso.accounts.permissions import Role

# Both usual office hours open seven hours a day.
MINUTES_OF_A_DAY = 7 * 60
STEP_MINUTES = 15


class Desk(NamedTuple):
    """The desk of a sector, as it stands inside a sentence."""

    km: str
    en: str


@dataclass(frozen=True)
class StagePlan:
    """One stage of a plan: its share of the legal limit, and sentences with {desk}."""

    code: str
    actor_role: str
    share_percent: int
    name_km: str
    name_en: str
    citizen_km: str
    citizen_en: str


@dataclass(frozen=True)
class StageDefinition:
    """One stage of a service: its limit in working minutes, and what the citizen reads."""

    code: str
    actor_role: str
    limit_minutes: int
    name_km: str
    name_en: str
    citizen_km: str
    citizen_en: str


Plans = Mapping[str, Sequence[StagePlan]]


def read_plans(entries: Mapping[str, Sequence[Mapping[str, Any]]]) -> Plans:
    """Make plans from their data; raises ValueError for a plan that exceeds the limit."""
    plans = {name: [StagePlan(**stage) for stage in stages] for name, stages in entries.items()}
    for name, stages in plans.items():
        if not stages or sum(stage.share_percent for stage in stages) > 100:
            raise ValueError(f"plan {name} has no stages or takes longer than the legal limit")
        for stage in stages:
            Role(stage.actor_role)
    return plans


def stage_minutes(limit_days: int, share_percent: int) -> int:
    """Give a stage's limit in working minutes: its share, in quarters of an hour, at least one."""
    share = limit_days * MINUTES_OF_A_DAY * share_percent // 100
    return max(STEP_MINUTES, share // STEP_MINUTES * STEP_MINUTES)


def stages_of(
    plan: Sequence[StagePlan], *, limit_days: int, desk: Desk
) -> tuple[StageDefinition, ...]:
    """Lay a plan over a limit and name the desk; raises ValueError when it does not fit."""
    stages = tuple(
        StageDefinition(
            code=stage.code,
            actor_role=stage.actor_role,
            limit_minutes=stage_minutes(limit_days, stage.share_percent),
            name_km=stage.name_km,
            name_en=stage.name_en,
            citizen_km=stage.citizen_km.format(desk=desk.km),
            citizen_en=stage.citizen_en.format(desk=desk.en),
        )
        for stage in plan
    )
    if sum(stage.limit_minutes for stage in stages) > limit_days * MINUTES_OF_A_DAY:
        raise ValueError("the stages take longer than the legal limit")
    return stages
