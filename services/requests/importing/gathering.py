"""Gathers the lines of one case into a request with its history, or says why it cannot be."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from services.catalogue.kinds import VersionState
from services.catalogue.models import ServiceVersion
from services.catalogue.queries import terms as terms_of
from services.requests.actions.importing import PastRequest, PastStage
from services.requests.importing.mapping import BY_STAGE, RegisterMapping
from services.requests.importing.models import ImportLine
from services.requests.importing.notes import Note
from services.requests.states import State
from tenants import clock

SHARED = ("received_at", "planned_at", "ended_at", "outcome", "service_code", "office_code")
_FIELDS = {
    "received_at": "received",
    "planned_at": "planned",
    "ended_at": "ended",
    "service_code": "service",
    "office_code": "office",
}


class Gatherer:
    """Turns cases into past requests; `offices` goes from code to id, `office` is the default."""

    def __init__(
        self, mapping: RegisterMapping, *, offices: Mapping[str, int], office: str
    ) -> None:
        self._mapping = mapping
        self._offices = offices
        self._office = office
        self._version = cache(version_on)

    def case(self, lines: Sequence[ImportLine]) -> tuple[PastRequest | None, list[Note]]:
        """Return the request that the lines of a case describe, and remarks about them."""
        if any(line.is_refused for line in lines):
            return None, []
        notes = self._disagreements(lines)
        if notes:
            return None, notes
        past = self._past(lines)
        return past, [*self._repetitions(lines), *self._remarks(past, lines)]

    def _disagreements(self, lines: Sequence[ImportLine]) -> list[Note]:
        said: dict[str, tuple[Any, int]] = {}
        notes = []
        for line in lines:
            for name in SHARED:
                value = getattr(line, name)
                first, other = said.setdefault(name, (value, line.line)) if value else (value, 0)
                if first != value:
                    column = self._mapping.columns.get(_FIELDS.get(name, name), "")
                    data = {"reference": line.reference, "other": other}
                    notes.append(Note(line.line, "rows_disagree", column, data))
        return notes

    def _repetitions(self, lines: Sequence[ImportLine]) -> list[Note]:
        if self._mapping.has_stages:
            return []
        first, *others = lines
        return [Note(line.line, "row_repeated", data={"other": first.line}) for line in others]

    def _past(self, lines: Sequence[ImportLine]) -> PastRequest:
        said = {name: _first(lines, name) for name in (*SHARED, "channel")}
        received_at = said["received_at"]
        assert isinstance(received_at, datetime)
        office = said["office_code"] or self._office
        day = clock.local_day(received_at)
        outcome = said["outcome"]
        stages = sorted(
            (PastStage(line.stage_code, line.stage_at) for line in lines if line.stage_at),
            key=lambda stage: stage.left_at,
        )
        return PastRequest(
            source=self._mapping.source,
            source_ref=lines[0].reference,
            office_id=self._offices[office],
            terms=terms_of(self._version(said["service_code"], day)),
            received_at=received_at,
            due_at=said["planned_at"],
            ended_at=self._ended_at(lines, said["ended_at"]),
            ended_as=State(outcome) if outcome else self._mapping.ends.completed_as,
            stages=tuple(stages),
            continue_at=self._mapping.stages.continue_at,
            channel=said["channel"] or "",
        )

    def _ended_at(self, lines: Sequence[ImportLine], ended_at: datetime | None) -> datetime | None:
        if self._mapping.ends.by != BY_STAGE:
            return ended_at
        moments = [line.stage_at for line in lines if line.is_completing and line.stage_at]
        return max(moments, default=None)

    def _remarks(self, past: PastRequest, lines: Sequence[ImportLine]) -> list[Note]:
        """Return what is odd about a case that is taken over all the same."""
        line, notes = lines[0].line, []
        ended, staged = (
            self._mapping.columns.get("ended", ""),
            self._mapping.columns.get("stage_at"),
        )
        if past.ended_at is not None and past.ended_at < past.received_at:
            notes.append(Note(line, "ended_before_start", ended))
        if past.stages and past.stages[0].left_at < past.received_at:
            notes.append(Note(line, "stage_before_start", staged or ""))
        late = sum(
            past.ended_at is not None and stage.left_at > past.ended_at for stage in past.stages
        )
        if late:
            notes.append(Note(line, "stage_after_end", staged or "", {"number": late}))
        return notes


def _first(lines: Sequence[ImportLine], name: str) -> Any:
    """Return the first value that the lines of a case give a field."""
    return next((value for line in lines if (value := getattr(line, name))), None)


def version_on(service_code: str, day: date) -> int:
    """Return the version in force that day; history before the first takes the first.

    A register is older than the catalogue, and a service closed today had its requests.
    """
    versions = ServiceVersion.objects.filter(service__code=service_code).exclude(
        state=VersionState.DRAFT
    )
    known = list(versions.order_by("valid_from").values_list("valid_from", "id"))
    begun = [version_id for valid_from, version_id in known if valid_from <= day]
    return begun[-1] if begun else known[0][1]
