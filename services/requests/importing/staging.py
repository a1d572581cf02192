"""Brings the rows of a register into the workspace, some thousand at a time."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection, transaction

from services.catalogue.models import Service
from services.offices import queries as offices
from services.requests.importing.checking import LINE_COLUMNS, Known, Line, RowCheck
from services.requests.importing.mapping import RegisterMapping
from services.requests.importing.models import ImportLine, ImportNote, ImportRun
from services.requests.importing.notes import Note
from services.requests.importing.progress import Progress
from services.requests.importing.reading import Register, Row

CHUNK = 2_000
_COPY = f"COPY {ImportLine._meta.db_table} (run_id, {', '.join(LINE_COLUMNS)}) FROM STDIN"


def known_codes() -> Known:
    """Return the codes of all services and of the active offices of the province."""
    return Known(
        services=frozenset(Service.objects.values_list("code", flat=True)),
        offices={office.code: office.id for office in offices.offices()},
    )


def load(
    run: ImportRun,
    register: Register,
    mapping: RegisterMapping,
    known: Known,
    *,
    progress: Progress,
) -> None:
    """Check and store the rows that the run has not read yet; each chunk is one transaction.

    Short transactions: a long one would keep every national fold waiting for its end.
    """
    rows = islice(register.rows(), run.lines_read, None)
    for chunk in _chunks(rows):
        lines, notes = [], []
        for row in chunk:
            check = RowCheck(row, mapping, known)
            line = check.line()
            notes.extend(check.notes)
            if line is not None:
                lines.append(line)
        with transaction.atomic():
            _store(run, lines)
            store_notes(run, notes)
            run.lines_read += len(chunk)
            run.save(update_fields=["lines_read"])
        progress.reach(register.position)


def store_notes(run: ImportRun, notes: Iterable[Note]) -> None:
    """Keep remarks for the report."""
    ImportNote.objects.bulk_create(
        [
            ImportNote(
                run=run,
                line=note.line,
                column=note.column,
                level=note.level,
                code=note.code,
                data=dict(note.data),
            )
            for note in notes
        ]
    )


def _store(run: ImportRun, lines: Sequence[Line]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for line in lines:
            copy.write_row((run.pk, *line.values()))


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
