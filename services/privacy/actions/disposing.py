"""The disposal: what has been kept long enough goes, batch by batch, and a report is kept.

Each batch is one transaction that locks the run's row first. A run that was killed is gone on
with by the next call, behind the last batch that was committed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from owso.audit.actions import record
from services.documents import storing
from services.documents.kinds import WithdrawalReason
from services.documents.models import Document, Thumbnail
from services.offices.actors import Actor
from services.privacy.models import DisposalRun
from services.privacy.register import Holding, holdings
from services.privacy.reports import Figures, figures_of
from services.retention.queries import days_of
from services.retention.rules import DataKind
from tenants import clock

BATCH = 500
# The name goes last: until then somebody who asks can still be told what is kept.
BY_SUBJECT = (
    DataKind.SCANS,
    DataKind.FILES,
    DataKind.OUTCOMES,
    DataKind.MONEY,
    DataKind.APPLICANTS,
)
BY_AGE = (
    DataKind.NOTICES,
    DataKind.TICKETS,
    DataKind.SESSIONS,
    DataKind.IMPORTS,
    DataKind.COPIES,
)
ORDER = (*BY_SUBJECT, *BY_AGE)


def dispose(*, by: Actor, is_dry_run: bool = False, batch: int = BATCH) -> DisposalRun:
    """Remove or make anonymous what its period has ended for, in this province; return the report.

    A dry run counts and touches nothing. Goes on with a run that was interrupted. Periods and
    legal holds are checked again in the database, behind the lock of each row.
    """
    run = _begun(by, is_dry_run=is_dry_run)
    for kind in ORDER[_position(run) :]:
        while _is_more(run.pk, kind, by=by, batch=batch):
            pass
    return _finished(run.pk, by=by)


def _begun(by: Actor, *, is_dry_run: bool) -> DisposalRun:
    open_runs = DisposalRun.objects.filter(is_dry_run=False, finished_at__isnull=True)
    try:
        with transaction.atomic():
            if not is_dry_run and (found := open_runs.first()) is not None:
                return found
            run = DisposalRun.objects.create(
                is_dry_run=is_dry_run, started_by_id=by.user_id, started_at=clock.now()
            )
            record("start_disposal", run, by=by, dry_run=is_dry_run)
            return run
    except IntegrityError:  # another process began at this very moment
        return open_runs.get()


def _position(run: DisposalRun) -> int:
    return ORDER.index(DataKind(run.place)) if run.place else 0


def _is_more(run_id: int, kind: DataKind, *, by: Actor, batch: int) -> bool:
    """Treat one batch of one kind; False when the kind is done."""
    with transaction.atomic():
        run = DisposalRun.objects.select_for_update().get(pk=run_id)
        if run.finished_at is not None or _position(run) > ORDER.index(kind):
            return False  # another process is further
        if run.place != kind:
            run.place, run.behind = kind, 0
        figures, last = _treated(run, kind, batch)
        run.behind = last or run.behind
        run.report = {**run.report, kind: figures_of(run.report, kind).plus(figures).as_data()}
        run.save(update_fields=["place", "behind", "report"])
        if figures.taken:
            record("dispose", run, by=by, kind=str(kind), taken=figures.taken, rows=figures.rows)
    return last is not None and not run.is_dry_run


def _treated(run: DisposalRun, kind: DataKind, batch: int) -> tuple[Figures, int | None]:
    if run.is_dry_run:
        return (_counted(kind) if kind in BY_SUBJECT else Figures(due=_old(kind))), None
    if kind in BY_AGE:
        taken = _removed_by_age(kind, batch)
        return Figures(due=taken, taken=taken, rows=taken), (1 if taken else None)
    candidates = _candidates(kind, run.behind, batch)
    if not candidates:
        return Figures(), None
    taken_ids = _function("SELECT privacy_dispose(%s, %s, %s)", [kind, candidates, run.pk])
    files = _discard_scans(taken_ids) if kind == DataKind.SCANS else 0
    rows = sum(_blanked(each, taken_ids) for each in holdings(kind) if not each.is_guarded)
    due = len(candidates)
    figures = Figures(due, len(taken_ids), due - len(taken_ids), len(taken_ids) + rows, files)
    return figures, candidates[-1]


def _candidates(kind: DataKind, behind: int, batch: int) -> list[int]:
    return _function(
        f"SELECT id FROM privacy_ended_{kind} WHERE id > %s ORDER BY id LIMIT %s",  # noqa: S608
        [behind, batch],
    )


def _function(statement: str, values: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def _counted(kind: DataKind) -> Figures:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE is_held) FROM privacy_ended_{kind}"  # noqa: S608
        )
        due, held = cursor.fetchone()
    return Figures(due=due, held=held)


def _blanked(holding: Holding, subject_ids: list[int]) -> int:
    rows = _model(holding)._default_manager.filter(**{f"{holding.way}__in": subject_ids})
    if holding.is_removed:
        return rows.delete()[0]
    return rows.update(**_changes(holding.blanks))


def _changes(blanks: Mapping[str, object]) -> dict[str, Any]:
    return dict(blanks)


def _model(holding: Holding) -> type[models.Model]:
    return apps.get_model(holding.model)


def _discard_scans(request_ids: list[int]) -> int:
    """Remove the files before the commit: a run that is killed here finds them due again.

    The documents are locked first: whoever draws a small picture of one does so too.
    """
    documents = Document.objects.filter(request_id__in=request_ids)
    found = list(documents.order_by("pk").select_for_update())
    documents.filter(withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now(), withdrawal_reason=WithdrawalReason.DISPOSED
    )
    small = Thumbnail.objects.filter(document__in=found).exclude(file_name="")
    names = [*(each.file_name for each in found), *small.values_list("file_name", flat=True)]
    storing.discard(*names)
    return len(names)


def _limit(kind: DataKind) -> datetime | None:
    days = days_of(kind)
    if days is None:
        return None
    return clock.now() - timedelta(days=days)


def _aged(holding: Holding) -> models.QuerySet[Any] | None:
    limit = _limit(holding.kind)
    if limit is None or not holding.way:
        return None
    rows = _model(holding)._default_manager.filter(**{f"{holding.way}__lt": limit})
    # A copy's row stays as the record that it was made; its file goes once.
    return rows.exclude(file_name="") if holding.kind == DataKind.COPIES else rows


def _old(kind: DataKind) -> int:
    found = (_aged(each) for each in holdings(kind))
    return sum(rows.count() for rows in found if rows is not None)


def _removed_by_age(kind: DataKind, batch: int) -> int:
    for holding in holdings(kind):
        rows = _aged(holding)
        ids = [] if rows is None else list(rows.order_by("pk").values_list("pk", flat=True)[:batch])
        if ids:
            chosen = _model(holding)._default_manager.filter(pk__in=ids)
            _remove(holding, chosen)
            return len(ids)
    return 0


def _remove(holding: Holding, rows: models.QuerySet[Any]) -> None:
    if holding.is_removed:
        rows.delete()
        return
    storing.discard(*rows.values_list("file_name", flat=True))
    rows.update(**_changes(holding.blanks))


def _finished(run_id: int, *, by: Actor) -> DisposalRun:
    with transaction.atomic():
        run = DisposalRun.objects.select_for_update().get(pk=run_id)
        if run.finished_at is None:
            run.finished_at = clock.now()
            run.save(update_fields=["finished_at"])
            record("finish_disposal", run, by=by, dry_run=run.is_dry_run, report=run.report)
    return run
