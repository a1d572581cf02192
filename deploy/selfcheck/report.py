"""What a self-check found, for people and for programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.selfcheck.tally import Tally, sum_of
from deploy.selfcheck.watching import Freshness

Counted = Mapping[str, Mapping[str, Any]]
MOST_SHOWN = 10


@dataclass
class Probes:
    """Attempts to see or do what is not one's own; whatever was not refused is named."""

    tried: int = 0
    refused: int = 0
    open_doors: list[str] = field(default_factory=list)

    def note(self, what: str, *, is_refused: bool) -> None:
        """Count one attempt."""
        self.tried += 1
        if is_refused:
            self.refused += 1
        else:
            self.open_doors.append(what)

    def add(self, other: "Probes") -> None:
        """Count the attempts of another list."""
        self.tried += other.tried
        self.refused += other.refused
        self.open_doors += other.open_doors


@dataclass
class Report:
    """Everything measured; sound only when nothing differs anywhere."""

    tallies: Mapping[str, Tally]
    counted: Counted
    freshness: Freshness
    probes: Probes
    kills: int
    seconds: float
    problems: list[str]

    @property
    def differences(self) -> list[str]:
        """Where script, ledger and national facts do not say the same."""
        found = []
        for code, tally in self.tallies.items():
            ledger = self.counted.get(code, {})
            found += [f"{code}: {text}" for text in _differences(tally, ledger)]
        return found

    @property
    def is_sound(self) -> bool:
        """Whether the installation passed."""
        is_shut = self.probes.tried == self.probes.refused > 0
        return not (self.differences or self.problems or self.freshness.unseen) and is_shut

    def as_json(self) -> dict[str, Any]:
        """The line for programs; money in whole riel, times in seconds."""
        done = sum_of(self.tallies.values())
        ledger = sum(row["requests"] for row in self.counted.values())
        return {
            "provinces": len(self.counted),
            "requests": ledger,
            "events": sum(row["events"] for row in self.counted.values()),
            "income_riel": sum(row["income_riel"] for row in self.counted.values()),
            "equal": not self.differences and bool(self.counted),
            "lost": done.requests - ledger,
            "freshness_p50_s": round(self.freshness.p50, 2),
            "freshness_p95_s": round(self.freshness.p95, 2),
            "freshness_max_s": round(self.freshness.longest, 2),
            "freshness_samples": self.freshness.samples,
            "worker_kills": self.kills,
            "isolation": {"tried": self.probes.tried, "refused": self.probes.refused},
            "problems": len(self.problems) + len(self.differences) + len(self.probes.open_doors),
            "seconds": round(self.seconds, 1),
        }

    def lines(self) -> list[str]:
        """The same for people."""
        facts = self.as_json()
        trouble = [*self.problems, *self.differences, *self.probes.open_doors]
        return [
            f"{facts['requests']} requests in {facts['provinces']} provinces,"
            f" {facts['income_riel']:,} riel, {facts['events']} events; lost: {facts['lost']}",
            "ledger, national facts and our own tally: "
            + ("equal" if facts["equal"] else "DIFFER"),
            f"on the national page after {facts['freshness_p50_s']} s (half),"
            f" {facts['freshness_p95_s']} s (19 of 20), {facts['freshness_max_s']} s at most;"
            f" the worker was killed {facts['worker_kills']} times meanwhile",
            f"isolation: {facts['isolation']['refused']} of {facts['isolation']['tried']}"
            " attempts refused",
            *(f"  ! {text}" for text in trouble[:MOST_SHOWN]),
            *([f"  ! and {len(trouble) - MOST_SHOWN} more"] if len(trouble) > MOST_SHOWN else []),
            "This installation is sound." if self.is_sound else "This installation is NOT sound.",
        ]


def _differences(tally: Tally, ledger: Mapping[str, Any]) -> list[str]:
    wanted = {
        "requests": tally.requests,
        "events": tally.events,
        "income_riel": tally.income_riel,
        "facts_requests": tally.requests,
        "facts_income_riel": tally.income_riel,
    }
    found = [
        f"{name} {ledger.get(name)} instead of {value}"
        for name, value in wanted.items()
        if ledger.get(name) != value
    ]
    return found + [f"verification: {check}" for check in ledger.get("differences", ["missing"])]
