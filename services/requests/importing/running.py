"""Runs an import: load the file, take over its cases batch by batch, go on where it stopped."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from owso.errors import Conflict, DomainError, Invalid
from services.offices.actors import Actor
from services.requests.actions.importing import PastRequest, history_hash, import_requests
from services.requests.importing.gathering import Gatherer
from services.requests.importing.mapping import RegisterMapping
from services.requests.importing.models import ImportLine, ImportNote, ImportRun, Phase
from services.requests.importing.notes import Note, excerpt
from services.requests.importing.progress import Progress, Silent
from services.requests.importing.reading import open_register
from services.requests.importing.staging import known_codes, load, store_notes
from services.requests.models import ServiceRequest
from tenants import clock
from tenants.context import current_province

CASES = 100
"""Cases of one transaction; a killed import repeats at most these."""
ROWS_OF_A_CASE = 2_000
REMOVED = 20_000
_READ = 1024 * 1024
_WAIT = "3s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to import and how; `office` is the code that holds for rows that name none."""

    path: Path
    mapping: RegisterMapping
    office: str = ""
    is_dry_run: bool = False
    is_resumed: bool = False

    def fingerprint(self) -> str:
        """Identify the same file under the same mapping for the same office."""
        digest = hashlib.sha256(f"{self.mapping.digest} {self.office} {self.is_dry_run}".encode())
        with self.path.open("rb") as file:
            while part := file.read(_READ):
                digest.update(part)
        return digest.hexdigest()


def run_import(order: Order, *, by: Actor, progress: Progress | None = None) -> ImportRun:
    """Import a register into the current province; finish with `close_run` after the report.

    Resumed, it goes on with the unfinished run of the same file. Cases taken over before are
    counted as repeated and left as they are. Raises Invalid for a file that is bad as a whole,
    Conflict while another import of the same register is running.
    """
    shown = progress or Silent()
    register = open_register(order.path, order.mapping)
    known = known_codes()
    office = _office(order, known.offices)
    gatherer = Gatherer(order.mapping, offices=known.offices, office=office)
    with _alone(order.mapping.source):
        run = _run(order)
        if run.phase == Phase.LOADING:
            shown.begin(str(Phase.LOADING.label), register.size)
            load(run, register, order.mapping, known, progress=shown)
            shown.finish()
            run.phase = Phase.GATHERING
            run.save(update_fields=["phase"])
        shown.begin(str(Phase.GATHERING.label), run.lines_read)
        _take_over(run, gatherer, by=by, progress=shown)
        shown.finish()
    return run


def close_run(run: ImportRun) -> None:
    """Remove the rows and remarks of a run and mark it finished; a dry run leaves nothing."""
    _remove(run)
    if run.is_dry_run:
        run.delete()
        return
    run.phase = Phase.DONE
    run.finished_at = clock.now()
    run.save(update_fields=["phase", "finished_at"])


def _office(order: Order, offices: Mapping[str, int]) -> str:
    code = order.office or order.mapping.office.code or f"{current_province().code}00"
    if code not in offices:
        raise Invalid(
            "office_unknown",
            _("There is no active office “%(code)s” in this province.") % {"code": code},
        )
    return code


@contextmanager
def _alone(source: str) -> Iterator[None]:
    """Keep a second import of the same register out; a killed one lets go by itself."""
    key = [f"import:{current_province().schema_name}", source]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_WAIT])
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s), hashtext(%s))", key)
    except OperationalError:
        raise Conflict(
            "import_running",
            _("Another import of this register is running in this province. Wait for its end."),
        ) from None
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), hashtext(%s))", key)


def _run(order: Order) -> ImportRun:
    """Return the run to go on with, or a new one; older unfinished ones are removed."""
    fingerprint = order.fingerprint()
    unfinished = ImportRun.objects.filter(source=order.mapping.source).exclude(phase=Phase.DONE)
    found = None
    if order.is_resumed:
        found = unfinished.filter(fingerprint=fingerprint).order_by("-id").first()
    for stale in unfinished:
        if stale != found:
            _remove(stale)
            stale.delete()
    return found or ImportRun.objects.create(
        fingerprint=fingerprint, source=order.mapping.source, is_dry_run=order.is_dry_run
    )


def _remove(run: ImportRun) -> None:
    for model in (ImportLine, ImportNote):
        of_run = model._default_manager.filter(run=run).order_by("id")
        while ids := list(of_run.values_list("id", flat=True)[:REMOVED]):
            model._default_manager.filter(run=run, id__lte=ids[-1]).delete()


def _take_over(run: ImportRun, gatherer: Gatherer, *, by: Actor, progress: Progress) -> None:
    done = 0
    while True:
        with transaction.atomic():
            sizes = _next_cases(run)
            if not sizes:
                return
            _batch(run, gatherer, sizes, by=by)
            run.last_reference = max(sizes)
            run.save()
        done += sum(sizes.values())
        progress.reach(done)


def _next_cases(run: ImportRun) -> dict[str, int]:
    """Return the references of the next cases in their order, with their numbers of rows."""
    with connection.cursor() as cursor:
        # The table was filled a moment ago: the planner has no statistics, only the index fits.
        for setting in ("enable_seqscan", "enable_bitmapscan", "enable_hashagg"):
            cursor.execute("SELECT set_config(%s, 'off', true)", [setting])
    lines = ImportLine.objects.filter(run=run, reference__gt=run.last_reference)
    cases = lines.values_list("reference").annotate(rows=Count("id")).order_by("reference")
    return dict(cases[:CASES])


def _batch(run: ImportRun, gatherer: Gatherer, sizes: dict[str, int], *, by: Actor) -> None:
    notes: list[Note] = []
    small = [reference for reference, rows in sizes.items() if rows <= ROWS_OF_A_CASE]
    cases: list[tuple[int, PastRequest]] = []
    for lines in _cases(run, small):
        past, remarks = gatherer.case(lines)
        notes.extend(remarks)
        if past is None:
            run.refused_cases += 1
        else:
            cases.append((lines[0].line, past))
    notes.extend(_oversized(run, sizes))
    fresh = _unknown(run, cases, notes)
    written = fresh if run.is_dry_run else _write(run, fresh, notes, by=by)
    run.imported += len(written)
    run.stages += sum(len(past.stages) for _line, past in written)
    store_notes(run, notes)


def _cases(run: ImportRun, references: Sequence[str]) -> Iterator[list[ImportLine]]:
    lines = ImportLine.objects.filter(run=run, reference__in=references)
    ordered = lines.order_by("reference", "line")
    for _reference, group in groupby(ordered, key=lambda line: line.reference):
        yield list(group)


def _oversized(run: ImportRun, sizes: dict[str, int]) -> list[Note]:
    notes = []
    for reference, rows in sizes.items():
        if rows > ROWS_OF_A_CASE:
            lines = ImportLine.objects.filter(run=run, reference=reference).order_by("line")
            first = lines.values_list("line", flat=True)[0]
            data = {"reference": reference, "rows": rows, "most": ROWS_OF_A_CASE}
            notes.append(Note(first, "too_many_rows", data=data))
            run.refused_cases += 1
    return notes


def _unknown(
    run: ImportRun, cases: Sequence[tuple[int, PastRequest]], notes: list[Note]
) -> list[tuple[int, PastRequest]]:
    """Return the cases not taken over before; say which of the others have changed since."""
    references = [past.source_ref for _line, past in cases]
    before = dict(
        ServiceRequest.objects.filter(source=run.source, source_ref__in=references).values_list(
            "source_ref", "content_hash"
        )
    )
    run.repeated += len(before)
    for line, past in cases:
        known = before.get(past.source_ref)
        if known is not None and bytes(known) != history_hash(past):
            notes.append(Note(line, "changed_since", data={"reference": past.source_ref}))
    return [(line, past) for line, past in cases if past.source_ref not in before]


def _write(
    run: ImportRun, cases: Sequence[tuple[int, PastRequest]], notes: list[Note], *, by: Actor
) -> list[tuple[int, PastRequest]]:
    """Write a batch at once; when it fails, one by one, so that only the bad one stays out."""
    try:
        with transaction.atomic():
            import_requests([past for _line, past in cases], by=by)
    except (DomainError, DatabaseError) as error:
        if len(cases) > 1:
            return [each for case in cases for each in _write(run, [case], notes, by=by)]
        line, past = cases[0]
        reason = str(error.message) if isinstance(error, DomainError) else str(error)
        data = {"reference": past.source_ref, "reason": excerpt(reason)}
        notes.append(Note(line, "not_written", data=data))
        run.refused_cases += 1
        return []
    return list(cases)
