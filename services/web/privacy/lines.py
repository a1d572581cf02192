"""Corrections, holds and runs of the disposal as lines of a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from owso.formats import local_datetime, local_day
from services.privacy.actions.disposing import ORDER
from services.privacy.models import Correction, DisposalRun, LegalHold
from services.privacy.reports import Figures, figures_of
from services.requests.codes import format_code
from services.requests.khmer import mask
from services.retention.rules import DataKind
from services.web.counter.file_history import person
from tenants import clock, sealing


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction: both values masked, as the page is no place to copy them from."""

    field: str
    before: str
    after: str
    reason: str
    evidence: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold; `code` leads to a file of the person or request."""

    id: int
    on: str
    code: str
    reason: str
    until: str
    who: str
    when: str
    state: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of the disposal with what it took of each kind."""

    when: str
    state: str
    who: str
    figures: tuple[tuple[str, Figures], ...]


def correction_lines(rows: Iterable[Correction]) -> list[CorrectionLine]:
    """Return the corrections as lines."""
    return [
        CorrectionLine(
            field=str(row.get_field_display()),
            before=_masked(row.before_sealed, row.field),
            after=_masked(row.after_sealed, row.field),
            reason=row.reason,
            evidence=row.evidence,
            who=person(row.corrected_by),
            when=local_datetime(row.corrected_at, "year"),
        )
        for row in rows
    ]


def hold_lines(rows: Iterable[LegalHold]) -> list[HoldLine]:
    """Return the holds as lines."""
    return [_hold(row) for row in rows]


def run_lines(rows: Iterable[DisposalRun]) -> list[RunLine]:
    """Return the runs as lines; a kind of which nothing was due is left out."""
    return [
        RunLine(
            when=local_datetime(row.started_at, "year"),
            state=_run_state(row),
            who=person(row.started_by) or _("the system"),
            figures=tuple(
                (str(DataKind(kind).label), found)
                for kind in ORDER
                if (found := figures_of(row.report, kind)).due
            ),
        )
        for row in rows
    ]


def _masked(sealed: bytes | memoryview, field: str) -> str:
    if not sealed:
        return "—"
    value = sealing.unseal(bytes(sealed))
    if field == "full_name":
        return mask(value)
    number = value.replace("+855", "0", 1)
    return f"{number[:3]} ••• {number[-3:]}" if number else "—"


def _hold(row: LegalHold) -> HoldLine:
    is_open = row.is_in_force(clock.today())
    return HoldLine(
        id=row.pk,
        on=_("The person, every request") if row.applicant_id else _("This request"),
        code=_code(row),
        reason=row.reason,
        until=_("until it is ended") if row.until is None else local_day(row.until, "year"),
        who=person(row.placed_by),
        when=local_datetime(row.placed_at, "year"),
        state=_("In force") if is_open else _("Over"),
        is_open=is_open,
    )


def _code(row: LegalHold) -> str:
    request = row.request
    if request is None and row.applicant is not None:
        request = row.applicant.requests.first()
    return "" if request is None else format_code(request.tracking_code)


def _run_state(row: DisposalRun) -> str:
    if row.is_dry_run:
        return _("Counted only, nothing was touched")
    return _("Finished") if row.finished_at else _("Broken off; the next run goes on")
