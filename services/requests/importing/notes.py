"""What can be wrong with a row of a register, and what to do about it, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.requests.importing.models import Level

EXCERPT = 40


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong (`%(name)s` from the data of the note) and what to do."""

    wrong: Promise
    remedy: Promise
    level: Level = Level.REFUSED


class Problem(Exception):
    """A cell or a row cannot be taken over; `code` is one of ADVICE."""

    def __init__(self, code: str, *, column: str = "", **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.data = data


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about a line of the file, before it is stored."""

    line: int
    code: str
    column: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        """How much it matters."""
        return ADVICE[self.code].level


def excerpt(text: str) -> str:
    """Return the beginning of a cell, for a message."""
    printable = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text
    )
    return printable if len(printable) <= EXCERPT else printable[:EXCERPT] + "…"


_CELL = _("Correct the cell and run the import again: the whole case was left out until then.")
_NONE = _("Nothing to do.")

ADVICE: Mapping[str, Advice] = {
    "too_long": Advice(
        _("The cell holds %(length)s characters; a register cell holds at most %(most)s."),
        _CELL,
    ),
    "not_readable": Advice(
        _("The text is not readable in the encoding %(encoding)s: “%(value)s”."),
        _("Save the file as “CSV UTF-8”, or name its encoding in the mapping."),
    ),
    "control_characters": Advice(
        _("The cell holds characters that cannot be printed: “%(value)s”."), _CELL
    ),
    "formula": Advice(
        _("The cell holds a formula, not a value."),
        _("Copy the column and paste it as values, save, and run the import again."),
    ),
    "cell_error": Advice(_("The cell holds the error “%(value)s”."), _CELL),
    "cell_unreadable": Advice(_("The row cannot be read: “%(value)s”."), _CELL),
    "too_many_cells": Advice(
        _("The row has %(cells)s cells, the header has %(columns)s."),
        _("Put quotation marks around text that holds the separator, and run the import again."),
    ),
    "reference_missing": Advice(
        _("The row does not say which case it belongs to."),
        _("Enter the reference of the case. Only this row was left out."),
    ),
    "reference_too_long": Advice(
        _("The reference of the case is longer than %(most)s characters."),
        _("Shorten the reference. Only this row was left out."),
    ),
    "date_missing": Advice(_("The date is missing."), _CELL),
    "not_a_date": Advice(
        _("“%(value)s” is not a date as the mapping describes it: %(format)s."), _CELL
    ),
    "date_impossible": Advice(_("The day or time “%(value)s” does not exist."), _CELL),
    "date_in_future": Advice(_("The date “%(value)s” is in the future."), _CELL),
    "date_too_early": Advice(_("The date “%(value)s” is before the year 2000."), _CELL),
    "planned_too_late": Advice(
        _("The planned end “%(value)s” is more than 20 years from now."), _CELL
    ),
    "stage_missing": Advice(_("There is a time of a stage, but no stage."), _CELL),
    "stage_unknown": Advice(
        _("The mapping does not know the stage “%(value)s”."),
        _("Correct the cell or add the stage to the mapping, and run the import again."),
    ),
    "service_unknown": Advice(
        _("There is no service “%(value)s”."),
        _("Correct the cell or add the service to the mapping, and run the import again."),
    ),
    "office_unknown": Advice(
        _("There is no office “%(value)s” in this province."),
        _("Correct the cell or add the office to the mapping, and run the import again."),
    ),
    "outcome_unknown": Advice(
        _("The mapping does not know the outcome “%(value)s”."),
        _("Correct the cell or add the outcome to the mapping, and run the import again."),
    ),
    "rows_disagree": Advice(
        _("This row says something else about case “%(reference)s” than row %(other)s."),
        _("Two cases must not share a reference: correct one of the rows. Both were left out."),
    ),
    "too_many_rows": Advice(
        _("Case “%(reference)s” has %(rows)s rows; a case has at most %(most)s."),
        _("Check the column of the reference in the mapping and the file."),
    ),
    "not_written": Advice(
        _("Case “%(reference)s” was refused: %(reason)s"),
        _("Nothing of the case was written. Send this row to the support with the file."),
    ),
    "row_repeated": Advice(
        _("The same row stands in line %(other)s already."), _NONE, Level.WARNING
    ),
    "ended_before_start": Advice(
        _("The case ended before it began; it counts as lasting 0 minutes."),
        _("Check both dates in the register."),
        Level.WARNING,
    ),
    "stage_before_start": Advice(
        _("The first stage ended before the case began; it counts as lasting 0 minutes."),
        _("Check both dates in the register."),
        Level.WARNING,
    ),
    "stage_after_end": Advice(
        _("Stages were recorded after the end of the case: %(number)s."), _NONE, Level.NOTE
    ),
    "changed_since": Advice(
        _("Case “%(reference)s” was taken over before with other content."),
        _("It was not changed. Correct it at the counter if the register is right."),
        Level.WARNING,
    ),
}
