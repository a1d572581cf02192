"""Reads a workbook (.xlsx) row by row; its shared texts wait on disk, not in memory."""

import struct
import tempfile
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from django.utils.translation import gettext_lazy as _
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from owso.errors import Invalid
from services.requests.importing.cells import Cell, CellError, Formula
from services.requests.importing.mapping import RegisterMapping
from services.requests.importing.notes import excerpt
from services.requests.importing.reading import Row, header_places

_DATA, _ROW, _TEXT = (f"{{{SHEET_MAIN_NS}}}{tag}" for tag in ("sheetData", "row", "si"))
_OFFSET = struct.Struct("<QI")
_CORRUPT = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, OSError)
RECENT_TEXTS = 4_096


class SharedTexts:
    """The texts that cells of a workbook point at by number, kept in temporary files."""

    def __init__(self) -> None:
        self._texts = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the workbook
        self._places = tempfile.TemporaryFile()  # noqa: SIM115 - the same
        self.recent = lru_cache(maxsize=RECENT_TEXTS)(self._read)

    def append(self, text: str) -> None:
        """Add the text of the next number."""
        content = text.encode("utf-8", errors="surrogatepass")
        self._places.write(_OFFSET.pack(self._texts.tell(), len(content)))
        self._texts.write(content)

    def __getitem__(self, number: int) -> str:
        return self.recent(number)

    def _read(self, number: int) -> str:
        self._places.seek(number * _OFFSET.size)
        place, length = _OFFSET.unpack(self._places.read(_OFFSET.size))
        self._texts.seek(place)
        return self._texts.read(length).decode("utf-8", errors="surrogatepass")

    def close(self) -> None:
        """Remove the files."""
        self._texts.close()
        self._places.close()


class _Reader(ExcelReader):
    """openpyxl's reader, which would hold every shared text in memory."""

    def read_strings(self) -> None:
        """Put the shared texts on disk."""
        self.shared_strings: Any = SharedTexts()
        package: Any = self.package
        part = package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            root: Any = None
            for event, element in iterparse(source, events=("start", "end")):  # noqa: S314 - expat limits entities
                root = element if root is None else root
                if event == "end" and element.tag == _TEXT:
                    text = Text.from_tree(element)
                    self.shared_strings.append("" if text is None else text.content)
                    root.clear()


class Workbook:
    """One sheet of a workbook, the named one or the first."""

    def __init__(self, path: Path, mapping: RegisterMapping) -> None:
        self._mapping = mapping
        self.position = 0
        try:
            self._reader = _Reader(path, read_only=True, data_only=False, keep_links=False)
            self._reader.read()
            self._sheet = self._chosen_sheet()
        except _CORRUPT as error:
            raise _damaged(error) from None
        self.size = self._sheet.max_row or 0

    def rows(self) -> Iterator[Row]:
        """Give the rows below the header."""
        places: dict[str, int] | None = None
        try:
            for line, cells in self._cells():
                self.position = line
                if not any(value is not None for value in cells.values()):
                    continue
                if places is None:
                    header = [cells.get(place) for place in range(max(cells) + 1)]
                    places = header_places(header, self._mapping)
                    continue
                yield Row(line, {name: cells.get(at) for name, at in places.items()})
        except _CORRUPT as error:
            raise _damaged(error) from None
        finally:
            self._reader.shared_strings.close()
            self._reader.archive.close()
        if places is None:
            raise Invalid("file_empty", _("The file is empty."))

    def _chosen_sheet(self) -> Any:
        book = self._reader.wb
        if not self._mapping.sheet:
            return book.worksheets[0]
        for sheet in book.worksheets:
            if sheet.title == self._mapping.sheet:
                return sheet
        raise Invalid(
            "sheet_missing",
            _("The workbook has no sheet “%(sheet)s”.") % {"sheet": self._mapping.sheet},
        )

    def _cells(self) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Give the cells of each row by place; what was read is dropped at once."""
        # openpyxl keeps these to itself, and its own loop keeps a stub of every row.
        book: Any = self._reader.wb
        with book._archive.open(self._sheet._worksheet_path) as source:
            parser = WorkSheetParser(
                source,
                self._reader.shared_strings,
                data_only=False,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            data: Any = None
            for event, element in iterparse(source, events=("start", "end")):  # noqa: S314 - expat limits entities
                if event == "start" and element.tag == _DATA:
                    data = element
                elif event == "end" and element.tag == _ROW:
                    line, cells = parser.parse_row(element)
                    yield int(line), {cell["column"] - 1: _value(cell) for cell in cells}
                    data.clear()


def _value(cell: dict[str, Any]) -> Cell:
    if cell["data_type"] == "f":
        return Formula()
    if cell["data_type"] == "e":
        return CellError(str(cell["value"]))
    value: Cell = cell["value"]
    return value


def _damaged(error: Exception) -> Invalid:
    return Invalid(
        "workbook_damaged",
        _("The workbook is damaged and cannot be read. Open it, save it anew as .xlsx or CSV."),
        reason=excerpt(str(error)),
    )
