"""Reads a register row by row, CSV or workbook, holding one row at a time in memory."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid
from services.requests.importing.cells import Cell, text_of
from services.requests.importing.mapping import RegisterMapping, header_key
from services.requests.importing.notes import Problem, excerpt

LONGEST_CELL = LONGEST_LINE = 32 * 1024 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a register: its line in the file, its mapped cells, or why it is unreadable."""

    line: int
    cells: Mapping[str, Cell]
    fault: Problem | None = None


class Register(Protocol):
    """An open register; `position` out of `size` says how far it has been read."""

    size: int

    @property
    def position(self) -> int:
        """How far the reading is, in the unit of `size`."""

    def rows(self) -> Iterator[Row]:
        """Give the rows below the header; raise Invalid when the file as a whole is bad."""


def open_register(path: Path, mapping: RegisterMapping) -> Register:
    """Return the reader a file needs, by its content; raise Invalid when it cannot be read."""
    from services.requests.importing.workbook import Workbook

    try:
        with path.open("rb") as file:
            beginning = file.read(4)
        size = path.stat().st_size
    except OSError as error:
        raise Invalid(
            "file_unreadable",
            _("The file %(name)s cannot be opened: %(reason)s.")
            % {"name": path.name, "reason": error.strerror},
        ) from None
    if not beginning:
        raise Invalid("file_empty", _("The file is empty."))
    if beginning == _OLD_EXCEL:
        raise Invalid(
            "file_old", _("This is an old or locked Excel file. Save it as .xlsx or CSV UTF-8.")
        )
    if beginning == _ZIP or path.suffix.lower() in {".xlsx", ".xlsm"}:
        return Workbook(path, mapping)
    return CsvRegister(path, mapping, size=size, beginning=beginning)


class CsvRegister:
    """A CSV file; bytes that are not text in its encoding spoil their row, not the file."""

    def __init__(
        self, path: Path, mapping: RegisterMapping, *, size: int, beginning: bytes
    ) -> None:
        self._path = path
        self._mapping = mapping
        self._encoding = "utf-16" if beginning[:2] in _UTF16 else mapping.encoding
        if self._encoding == "utf-8":
            self._encoding = "utf-8-sig"
        self._file: BinaryIO | None = None
        self.size = size

    @property
    def position(self) -> int:
        """How many bytes have been read."""
        return 0 if self._file is None else self._file.tell()

    def rows(self) -> Iterator[Row]:
        """Give the rows below the header."""
        csv.field_size_limit(LONGEST_CELL)
        with self._path.open("rb") as self._file:
            text = io.TextIOWrapper(
                self._file, encoding=self._encoding, errors="surrogateescape", newline=""
            )
            yield from self._rows(text)
            text.detach()
        self._file = None

    def _rows(self, text: io.TextIOWrapper) -> Iterator[Row]:
        reader = csv.reader(_lines(text), delimiter=self._mapping.delimiter)
        places: dict[str, int] | None = None
        width = 0
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield Row(line, {}, Problem("cell_unreadable", value=excerpt(str(error))))
                continue
            except UnicodeError:
                raise _not_text(self._encoding) from None
            if cells is None:
                break
            if not any(cells):
                continue
            if places is None:
                places, width = header_places(cells, self._mapping), len(cells)
                continue
            yield _row(line, cells, places, width)
        if places is None:
            raise Invalid("file_empty", _("The file is empty."))


def header_places(header: Sequence[Cell], mapping: RegisterMapping) -> dict[str, int]:
    """Return where the mapped columns stand; raise Invalid naming those that are missing."""
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        try:
            found.setdefault(header_key(text_of(cell)), place)
        except Problem:
            continue
    missing = [column for column in mapping.columns.values() if column not in found]
    if missing:
        raise Invalid(
            "columns_missing",
            _(
                "The file has no column %(missing)s. Check the header of the file, its encoding"
                " and its separator, or the mapping."
            )
            % {"missing": ", ".join(f"“{column}”" for column in missing)},
        )
    return {name: found[column] for name, column in mapping.columns.items()}


def _row(line: int, cells: Sequence[str], places: Mapping[str, int], width: int) -> Row:
    found: dict[str, Cell] = {
        name: cells[place] if place < len(cells) else "" for name, place in places.items()
    }
    if len(cells) > width:
        fault = Problem("too_many_cells", cells=len(cells), columns=width)
        return Row(line, found, fault)
    return Row(line, found)


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Give the lines of a file, each at most LONGEST_LINE long, so that memory stays flat."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise Invalid(
                "line_too_long",
                _("A line of the file is longer than 32 million characters: not a register."),
            )
        yield line


def _not_text(encoding: str) -> Invalid:
    return Invalid(
        "file_not_text",
        _("The file is not text in the encoding %(encoding)s. Save it as “CSV UTF-8”.")
        % {"encoding": encoding},
    )
