"""Cells of a register made into clean texts and moments, or refused with the reason."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.requests.importing.notes import Problem, excerpt
from services.requests.khmer import arabic_digits, without_invisible
from services.requests.texts import CLOCK_SKEW, EARLIEST
from tenants import clock

ISO = "iso"
TEXT_LENGTH = 1_000
FURTHEST = timedelta(days=20 * 366)
_END_OF_DAY = time(23, 59, 59)
_DAY_LENGTH = 10
_DATE_SHAPE = re.compile(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}([ T]\d{1,2}:\d{2}.*)?")
_REFUSED_KINDS = frozenset({"Cc", "Cs"})


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell of a workbook that calculates."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell of a workbook that shows an error such as #REF!."""

    shown: str


Cell = str | int | float | bool | datetime | date | time | timedelta | Formula | CellError | None


@dataclass(frozen=True, slots=True)
class DateRules:
    """How a register writes dates: "iso" or strptime patterns, and the zone of bare times."""

    formats: tuple[str, ...] = (ISO,)
    zone: ZoneInfo = clock.LOCAL

    @property
    def described(self) -> str:
        """The patterns, for a message."""
        return ", ".join("2026-11-23 14:05" if each == ISO else each for each in self.formats)


def text_of(cell: Cell, *, encoding: str = "utf-8") -> str:
    """Return a cell as clean text on one line; raise Problem when it cannot be one."""
    if isinstance(cell, Formula):
        raise Problem("formula")
    if isinstance(cell, CellError):
        raise Problem("cell_error", value=excerpt(cell.shown))
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _clean(str(cell), encoding=encoding)


def _clean(text: str, *, encoding: str) -> str:
    if len(text) > TEXT_LENGTH:
        raise Problem("too_long", length=len(text), most=TEXT_LENGTH)
    if text.isprintable():
        return " ".join(text.split())
    kinds = {unicodedata.category(char) for char in text if char not in "\t\r\n"}
    if "Cs" in kinds:
        raise Problem("not_readable", value=excerpt(text), encoding=encoding)
    if kinds & _REFUSED_KINDS:
        raise Problem("control_characters", value=excerpt(text))
    return " ".join(without_invisible(text).split())


def moment_of(
    cell: Cell, rules: DateRules, *, is_day_whole: bool = False, encoding: str = "utf-8"
) -> datetime | None:
    """Return a cell as an aware moment, None for an empty one; raise Problem for nonsense.

    A bare day is its first moment; with `is_day_whole` its last, as for a day something is
    due. Khmer digits and zero-width characters are read as meant.
    """
    if isinstance(cell, datetime):
        found, is_day = cell, cell.time() == time.min
    elif isinstance(cell, date):
        found, is_day = datetime.combine(cell, time.min), True
    else:
        text = arabic_digits(text_of(cell, encoding=encoding))
        if not text:
            return None
        found, is_day = _parsed(text, rules)
    if is_day and is_day_whole and found.tzinfo is None:
        found = datetime.combine(found.date(), _END_OF_DAY)
    return _aware(found, rules.zone)


def check_past(moment: datetime) -> datetime:
    """Return a moment that has been; raise Problem for the future and before 2000."""
    if moment > clock.now() + CLOCK_SKEW:
        raise Problem("date_in_future", value=_shown(moment))
    return check_early(moment)


def check_planned(moment: datetime) -> datetime:
    """Return a day something is due; raise Problem when it is absurdly far."""
    if moment > clock.now() + FURTHEST:
        raise Problem("planned_too_late", value=_shown(moment))
    return check_early(moment)


def check_early(moment: datetime) -> datetime:
    """Return a moment since 2000; raise Problem for an earlier one."""
    if moment < EARLIEST:
        raise Problem("date_too_early", value=_shown(moment))
    return moment


# The dates of a case stand in each of its rows.
@lru_cache(maxsize=1_024)
def _parsed(text: str, rules: DateRules) -> tuple[datetime, bool]:
    for pattern in rules.formats:
        found = _by_pattern(text, pattern)
        if found is not None:
            return found
    if _DATE_SHAPE.fullmatch(text) and _has_shape_of(text, rules.formats):
        raise Problem("date_impossible", value=excerpt(text))
    raise Problem("not_a_date", value=excerpt(text), format=rules.described)


def _by_pattern(text: str, pattern: str) -> tuple[datetime, bool] | None:
    try:
        if pattern == ISO:
            return datetime.fromisoformat(text), len(text) <= _DAY_LENGTH
        # The zone is added by the caller, which knows it.
        return datetime.strptime(text, pattern), "%H" not in pattern  # noqa: DTZ007
    except ValueError:
        return None


def _has_shape_of(text: str, formats: Sequence[str]) -> bool:
    """Say whether a text is written like the pattern and only names a day that is not."""
    starts_with_year = bool(re.match(r"\d{4}\D", text))
    return any((each == ISO or each.startswith("%Y")) == starts_with_year for each in formats)


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC; the ends of the calendar have no place in every zone."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise Problem("date_impossible", value=str(moment.year)) from None


def _shown(moment: datetime) -> str:
    return moment.astimezone(clock.LOCAL).strftime("%Y-%m-%d %H:%M")
