"""What the tracking page says of a request: one sentence, two days, the stages, what to bring."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from owso.formats import local_datetime, local_day, name_of, riel
from owso.phrases import gettext as _
from services.bilingual import in_readers_language
from services.calendars.deadlines import add_working_minutes
from services.calendars.working import WorkingCalendar
from services.catalogue.terms import StageTerms, VersionTerms
from services.requests.codes import format_code
from services.requests.models import PauseReason
from services.requests.states import CLOCK_RUNS, State
from services.requests.tracking import TrackedVisit, TrackingView
from services.web.marks import mark_text
from services.web.opening import hours_text
from services.web.portal.days import day_rows

SOON = timedelta(days=1)
DONE, NOW, LATER = "is-done", "is-now", ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the stage list."""

    kind: str
    name: str
    when: str


@dataclass(frozen=True, slots=True)
class Page:
    """All texts of the tracking page, ready to print."""

    code: str
    service: str
    office: str
    tone: str
    now: str
    answer: str
    answer_note: str
    limit: str
    limit_mark: str
    next: str
    bring: tuple[str, ...]
    steps: SafeString
    fee: str
    fee_mark: str
    paid: str
    receipts: tuple[str, ...]
    days: SafeString
    limit_days: int
    address: str
    phone: str
    hours: str


@dataclass(frozen=True, slots=True)
class Case:
    """A tracked request with the terms and the calendar it is read by."""

    seen: TrackingView
    terms: VersionTerms
    calendar: WorkingCalendar
    now: datetime

    @property
    def owes_fee(self) -> bool:
        """Say whether the file cannot go on before the fee is paid."""
        fee = self.seen.fee_riel
        return self.seen.state == State.REGISTERED and fee is not None and fee > self.seen.paid_riel

    @property
    def stage(self) -> StageTerms | None:
        """The stage the request is in."""
        visit = self.seen.current_visit
        code = visit.stage_code if visit else ""
        return next((stage for stage in self.terms.stages if stage.code == code), None)


def tone_of(case: Case) -> str:
    """Colour and shape of the page: on-time, soon, late, waiting or done."""
    seen = case.seen
    if seen.state in {State.INCOMPLETE, State.WAITING} or case.owes_fee:
        return "waiting"
    if seen.state == State.READY:
        return "on-time"
    if seen.state not in CLOCK_RUNS or seen.due_at is None:
        return "done"
    if seen.due_at < case.now:
        return "late"
    return "soon" if seen.due_at - case.now < SOON else "on-time"


def page_of(case: Case) -> Page:
    """Put the page together; asks the database nothing."""
    seen, terms = case.seen, case.terms
    answer, note = _answer(case)
    has_limit = seen.state in {State.REGISTERED, State.IN_PROGRESS, State.WAITING}
    return Page(
        code=format_code(seen.tracking_code),
        service=terms.name,
        office=_office_text(seen, "name"),
        tone=tone_of(case),
        now=_now_sentence(case),
        answer=answer,
        answer_note=note,
        limit=local_day(seen.due_at, "long") if has_limit and seen.due_at else "",
        limit_mark=mark_text(terms, "limit"),
        next=_next_sentence(case),
        bring=tuple(_bring(case)),
        steps=mark_safe("".join(map(_step_html, _steps(case)))),  # noqa: S308 - texts are escaped
        fee="" if seen.fee_riel is None else riel(seen.fee_riel) if seen.fee_riel else _("Free"),
        fee_mark=mark_text(terms, "fee") if seen.fee_riel is not None else "",
        paid=riel(seen.paid_riel) if seen.paid_riel else "",
        receipts=tuple(receipt.number for receipt in seen.receipts if not receipt.is_reversed),
        days=_days(case),
        limit_days=terms.limit_days,
        address=_office_text(seen, "address"),
        phone=seen.office_phone,
        hours=hours_text(case.calendar),
    )


def _office_text(seen: TrackingView, what: str) -> str:
    text_km, text_en = (str(getattr(seen, f"office_{what}_{name}")) for name in ("km", "en"))
    return in_readers_language(text_km, text_en)


def _now_sentence(case: Case) -> str:
    seen = case.seen
    if case.owes_fee:
        return _("Waiting for you: please pay the fee at the cashier")
    if seen.state == State.INCOMPLETE:
        return _("Waiting for you: please bring the papers that are missing")
    if seen.state == State.WAITING:
        pause = seen.open_pause
        reason = PauseReason(pause.reason).label if pause else PauseReason.OTHER.label
        return _("Waiting for you: %(reason)s") % {"reason": reason}
    ends = {
        State.READY: _("Ready: you can collect it"),
        State.DELIVERED: _("Collected. This request is finished."),
        State.REJECTED: _("Not approved. The office tells you why and what you can do."),
        State.WITHDRAWN: _("Withdrawn at the applicant's wish."),
    }
    stage = case.stage
    return ends.get(seen.state) or (stage.citizen if stage else _("We are working on it"))


def _answer(case: Case) -> tuple[str, str]:
    """The day in large letters, and the words before it."""
    seen = case.seen
    if seen.state == State.READY and seen.ready_at:
        return local_day(seen.ready_at, "long"), _("Ready since")
    if seen.closed_at:
        return local_day(seen.closed_at, "long"), _("Finished on")
    if seen.state == State.WAITING or seen.promised_at is None:
        return "", ""
    if seen.promised_at < case.now and seen.due_at:
        return local_day(seen.due_at, "long"), _("Takes longer than planned; at the latest on")
    return local_day(seen.promised_at, "long"), _("Ready by")


def _next_sentence(case: Case) -> str:
    seen = case.seen
    if case.owes_fee:
        return _("As soon as the fee is paid, the file goes to the specialists.")
    texts = {
        State.INCOMPLETE: _("The clock starts when all papers are here."),
        State.WAITING: _("The clock stands still. It goes on as soon as you have come."),
        State.READY: _("Come during opening hours with your slip and your identity paper."),
    }
    if seen.state not in CLOCK_RUNS:
        return texts.get(seen.state, "")
    codes = [stage.code for stage in case.terms.stages]
    here = codes.index(case.stage.code) if case.stage else len(codes)
    if here + 1 < len(codes):
        return _("Next: %(stage)s. You need to do nothing.") % {
            "stage": case.terms.stages[here + 1].name
        }
    return _("Next: you can collect it.")


def _bring(case: Case) -> Iterator[str]:
    seen = case.seen
    if seen.state in {State.INCOMPLETE, State.WAITING}:
        yield from (name_of(paper) for paper in seen.missing_papers)
    elif seen.state == State.READY:
        yield _("This slip or its code")
        yield _("Your identity paper")
    if case.owes_fee and seen.fee_riel is not None:
        yield _("The fee: %(fee)s") % {"fee": riel(seen.fee_riel - seen.paid_riel)}


def _step_html(step: Step) -> str:
    """One list item; written here because a template loop took a third of the page's time."""
    current = ' aria-current="step"' if step.kind == NOW else ""
    return (
        f'<li class="{step.kind}"{current}>'
        f"<b>{escape(step.name)}</b><span>{escape(step.when)}</span></li>"
    )


def _steps(case: Case) -> Iterator[Step]:
    seen = case.seen
    yield Step(DONE, _("Received"), local_datetime(seen.received_at))
    if seen.fee_riel:
        fee = riel(seen.fee_riel)
        when = f"{local_datetime(seen.paid_at)} · {fee}" if seen.paid_at else fee
        yield Step(DONE if seen.paid_at else NOW if case.owes_fee else LATER, _("Fee paid"), when)
    if not (seen.closed_at and not seen.ready_at):
        yield from _stage_steps(case)
    yield from _last_steps(case)


def _stage_steps(case: Case) -> Iterator[Step]:
    visits = {visit.stage_code: visit for visit in case.seen.visits}
    planned = max(case.now, case.seen.current_visit.due_at) if case.seen.current_visit else None
    reached = case.seen.ready_at is not None
    for stage in case.terms.stages:
        visit = visits.get(stage.code)
        is_now = visit is not None and visit.left_at is None
        if visit is not None and (is_now or visit.outcome == "done"):
            yield Step(NOW if is_now else DONE, stage.name, _visit_text(visit))
        elif not reached:
            if planned is not None:
                planned = add_working_minutes(planned, stage.limit_minutes, case.calendar)
            yield Step(LATER, stage.name, _planned_text(planned))


def _planned_text(planned: datetime | None) -> str:
    return _("planned by %(day)s") % {"day": local_day(planned)} if planned else ""


def _visit_text(visit: TrackedVisit) -> str:
    since, planned = local_datetime(visit.entered_at), local_datetime(visit.due_at)
    if visit.left_at is None:
        return _("since %(since)s · planned by %(planned)s") % {"since": since, "planned": planned}
    return _("done %(done)s · planned by %(planned)s") % {
        "done": local_datetime(visit.left_at),
        "planned": planned,
    }


def _last_steps(case: Case) -> Iterator[Step]:
    seen = case.seen
    if seen.state in {State.REJECTED, State.WITHDRAWN} and seen.closed_at:
        yield Step(DONE, str(seen.state.label), local_datetime(seen.closed_at))
        return
    if seen.ready_at:
        yield Step(DONE, _("Ready to collect"), local_datetime(seen.ready_at))
    else:
        yield Step(LATER, _("Ready to collect"), _planned_text(seen.promised_at))
    if seen.delivered_at:
        yield Step(DONE, _("Collected"), local_datetime(seen.delivered_at))


def _days(case: Case) -> SafeString:
    if case.seen.state not in {*CLOCK_RUNS, State.WAITING}:
        return SafeString()
    return day_rows(case.seen, case.terms.limit_days, case.calendar, case.now)
