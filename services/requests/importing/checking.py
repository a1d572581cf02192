"""Checks one row of a register and turns it into a line that can wait for the rest of its case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from services.requests.importing.cells import check_past, check_planned, moment_of, text_of
from services.requests.importing.mapping import (
    BY_STAGE,
    Choice,
    RegisterMapping,
    header_key,
    stage_code,
)
from services.requests.importing.notes import Note, Problem, excerpt
from services.requests.importing.reading import Row

REFERENCE_LENGTH, CHANNEL_LENGTH = 120, 60


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says, clean; times are UTC. The fields are the columns of ImportLine."""

    line: int
    reference: str
    is_refused: bool
    received_at: datetime | None = None
    planned_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    stage_code: str = ""
    stage_at: datetime | None = None
    is_completing: bool = False
    service_code: str = ""
    office_code: str = ""
    channel: str = ""

    def values(self) -> tuple[Any, ...]:
        """Give the values in the order of LINE_COLUMNS."""
        found: tuple[Any, ...] = _values(self)
        return found


LINE_COLUMNS = tuple(field.name for field in fields(Line))
_values = attrgetter(*LINE_COLUMNS)


@dataclass(frozen=True, slots=True)
class Known:
    """The codes a row may name: of services and of the offices of the province."""

    services: frozenset[str]
    offices: Mapping[str, int]


class RowCheck:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, row: Row, mapping: RegisterMapping, known: Known) -> None:
        self._row = row
        self._mapping = mapping
        self._known = known
        self.notes: list[Note] = []

    def line(self) -> Line | None:
        """Return the line, None when it cannot be told which case it belongs to."""
        if self._row.fault is not None:
            self._refuse(self._row.fault)
        reference = self._reference()
        if not reference:
            return None
        found = self._values()
        return Line(line=self._row.line, reference=reference, is_refused=bool(self.notes), **found)

    def _values(self) -> dict[str, Any]:
        received_at = self._moment("received", check_past)
        if received_at is None:
            self._miss("received")
        ended_at = self._moment("ended", check_past)
        outcome = self._outcome()
        if outcome and ended_at is None and self._mapping.ends.by != BY_STAGE:
            self._miss("ended")
        return {
            "received_at": received_at,
            "planned_at": self._moment("planned", check_planned, is_day_whole=True),
            "ended_at": ended_at,
            "outcome": outcome,
            **self._stage(),
            "service_code": self._code("service", self._mapping.service, self._known.services),
            "office_code": self._code("office", self._mapping.office, self._known.offices),
            "channel": self._text("channel")[:CHANNEL_LENGTH],
        }

    def _reference(self) -> str:
        count = len(self.notes)
        reference = self._text("reference")
        if len(reference) > REFERENCE_LENGTH:
            problem = Problem("reference_too_long", most=REFERENCE_LENGTH)
            self._refuse(problem, column="reference")
            return ""
        if not reference and len(self.notes) == count:
            self._refuse(Problem("reference_missing"), column="reference")
        return reference

    def _stage(self) -> dict[str, Any]:
        name = header_key(self._text("stage"))
        left_at = self._moment("stage_at", check_past)
        if not name:
            if left_at is not None:
                self._refuse(Problem("stage_missing"), column="stage")
            return {}
        if left_at is None:
            self._miss("stage_at")
        rules = self._mapping.stages
        code = rules.codes.get(name, "")
        if not code and rules.is_strict:
            self._refuse(Problem("stage_unknown", value=excerpt(name)), column="stage")
        code = code or stage_code(name)
        completing = self._mapping.ends.stages
        return {
            "stage_code": code,
            "stage_at": left_at,
            "is_completing": name in completing or code in completing,
        }

    def _outcome(self) -> str:
        name = header_key(self._text("outcome"))
        outcomes = self._mapping.ends.outcomes
        if name and name not in outcomes:
            self._refuse(Problem("outcome_unknown", value=excerpt(name)), column="outcome")
        return outcomes[name].value if name in outcomes else ""

    def _code(self, name: str, choice: Choice, known: Any) -> str:
        given = header_key(self._text(name))
        code = choice.table.get(given, given) or choice.code
        if code and code not in known:
            self._refuse(Problem(f"{name}_unknown", value=excerpt(given or code)), column=name)
            return ""
        if not code and name == "service":
            self._refuse(Problem("service_unknown", value=""), column=name)
        return code

    def _text(self, name: str) -> str:
        try:
            return text_of(self._row.cells.get(name), encoding=self._mapping.encoding)
        except Problem as problem:
            self._refuse(problem, column=name)
            return ""

    def _moment(
        self, name: str, check: Callable[[datetime], datetime], *, is_day_whole: bool = False
    ) -> datetime | None:
        """Return a checked moment; the note of a bad one names its column."""
        cell = self._row.cells.get(name)
        try:
            found = moment_of(
                cell,
                self._mapping.dates,
                is_day_whole=is_day_whole,
                encoding=self._mapping.encoding,
            )
            return None if found is None else check(found)
        except Problem as problem:
            self._refuse(problem, column=name)
            return None

    def _miss(self, name: str) -> None:
        column = self._mapping.columns.get(name, "")
        if all(note.column != column for note in self.notes):
            self._refuse(Problem("date_missing"), column=name)

    def _refuse(self, problem: Problem, *, column: str = "") -> None:
        header = self._mapping.columns.get(column, "")
        self.notes.append(Note(self._row.line, problem.code, header, problem.data))
