"""What the tracking page says of a request: one sentence, two days, the stages, what to bring."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils.safestring import SafeString

from owso.formats import local_datetime, local_day, riel
from owso.phrases import phrases
from services.bilingual import in_readers_language
from services.calendars.deadlines import add_working_minutes
from services.calendars.working import WorkingCalendar
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import StageTerms, VersionTerms
from services.requests.codes import format_code
from services.requests.models import PauseReason
from services.requests.states import CLOCK_RUNS, State
from services.requests.tracking import TrackedVisit, TrackingView
from services.web.maps import MapLinks, office_map
from services.web.marks import mark_text
from services.web.portal.days import day_rows, opening_hours

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
    steps: tuple[Step, ...]
    fee: str
    fee_mark: str
    paid: str
    receipts: tuple[str, ...]
    days: SafeString
    limit_days: int
    whereto: str
    address: str
    phone: str
    hours: str
    map: MapLinks
    is_collected: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A tracked request with the terms and the calendar it is read by, and in which language."""

    seen: TrackingView
    terms: VersionTerms
    calendar: WorkingCalendar
    now: datetime
    language: str

    @property
    def owes_fee(self) -> bool:
        """Say whether the file cannot go on before the fee is paid."""
        fee = self.seen.fee_riel
        return self.seen.state == State.REGISTERED and fee is not None and fee > self.seen.paid_riel

    def day(self, moment: datetime, style: str = "") -> str:
        """Tell a day."""
        return local_day(moment, style, self.language)

    def time(self, moment: datetime) -> str:
        """Tell a day and the wall clock."""
        return local_datetime(moment, "", self.language)

    def read(self, thing: object, what: str = "name") -> str:
        """Choose the text of a thing that the reader understands."""
        text_km, text_en = getattr(thing, f"{what}_km"), getattr(thing, f"{what}_en")
        return in_readers_language(text_km, text_en, self.language)

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
    seen, terms, _ = case.seen, case.terms, phrases(case.language)
    answer, note = _answer(case)
    has_limit = seen.state in {State.REGISTERED, State.IN_PROGRESS, State.WAITING}
    fee = seen.fee_riel
    hours = opening_hours(seen.office_code, case.calendar, case.language)
    address = case.read(seen, "office_address")
    return Page(
        code=format_code(seen.tracking_code),
        service=case.read(terms),
        office=case.read(seen, "office_name"),
        tone=tone_of(case),
        now=_now_sentence(case),
        answer=answer,
        answer_note=note,
        limit=case.day(seen.due_at, "long") if has_limit and seen.due_at else "",
        limit_mark=_mark(terms.id, "limit", case.language),
        next=_next_sentence(case),
        bring=tuple(_bring(case)),
        steps=tuple(_steps(case)),
        fee="" if fee is None else riel(fee) if fee else _("Free"),
        fee_mark="" if fee is None else _mark(terms.id, "fee", case.language),
        paid=riel(seen.paid_riel) if seen.paid_riel else "",
        receipts=tuple(receipt.number for receipt in seen.receipts if not receipt.is_reversed),
        days=_days(case),
        limit_days=terms.limit_days,
        whereto=_whereto(case, hours),
        address=address,
        phone=seen.office_phone,
        hours=hours,
        map=office_map(seen.office_code, address, case.language),
        is_collected=seen.state == State.DELIVERED,
    )


@lru_cache(maxsize=4096)
def _mark(version_id: int, subject: str, language: str) -> str:
    """The mark of a figure, once a version and language: a published version never changes."""
    del language  # whoever asks reads in it
    return mark_text(terms_of(version_id), subject)


def _now_sentence(case: Case) -> str:
    seen, _ = case.seen, phrases(case.language)
    if case.owes_fee:
        return _("Waiting for you: please pay the fee at the cashier")
    if seen.state in CLOCK_RUNS:
        stage = case.stage
        return case.read(stage, "citizen") if stage else _("We are working on it")
    if seen.state == State.WAITING:
        pause = seen.open_pause
        reason = PauseReason(pause.reason).label if pause else PauseReason.OTHER.label
        return _("Waiting for you: %(reason)s") % {"reason": reason}
    return {
        State.INCOMPLETE: _("Waiting for you: please bring the papers that are missing"),
        State.READY: _("Ready: you can collect it"),
        State.DELIVERED: _("Collected. This request is finished."),
        State.REJECTED: _("Not approved. The office tells you why and what you can do."),
        State.WITHDRAWN: _("Withdrawn at the applicant's wish."),
    }[seen.state]


def _answer(case: Case) -> tuple[str, str]:
    """The day in large letters, and the words before it."""
    seen, _ = case.seen, phrases(case.language)
    if seen.state == State.READY and seen.ready_at:
        return case.day(seen.ready_at, "long"), _("Ready since")
    if seen.closed_at:
        return case.day(seen.closed_at, "long"), _("Finished on")
    if seen.state == State.WAITING or seen.promised_at is None:
        return "", ""
    if seen.promised_at < case.now and seen.due_at:
        return case.day(seen.due_at, "long"), _("Takes longer than planned; at the latest on")
    return case.day(seen.promised_at, "long"), _("Ready by")


def _next_sentence(case: Case) -> str:
    seen, _ = case.seen, phrases(case.language)
    if case.owes_fee:
        return _("As soon as the fee is paid, the file goes to the specialists.")
    if seen.state not in CLOCK_RUNS:
        texts = {
            State.INCOMPLETE: _("The clock starts when all papers are here."),
            State.WAITING: _("The clock stands still. It goes on as soon as you have come."),
            State.READY: _("Come during opening hours with your slip and your identity paper."),
        }
        return texts.get(seen.state, "")
    stage, stages = case.stage, case.terms.stages
    here = stages.index(stage) if stage else len(stages)
    if here + 1 < len(stages):
        following = case.read(stages[here + 1])
        return _("Next: %(stage)s. You need to do nothing.") % {"stage": following}
    return _("Next: you can collect it.")


def _whereto(case: Case, hours: str) -> str:
    """Where to go and when, while the citizen is waited for."""
    seen, _ = case.seen, phrases(case.language)
    words = {"office": case.read(seen, "office_name"), "hours": hours}
    if seen.state == State.READY:
        return _("Collect it at %(office)s. Open: %(hours)s") % words
    if seen.state in {State.INCOMPLETE, State.WAITING} or case.owes_fee:
        return _("Come to %(office)s. Open: %(hours)s") % words
    return ""


def _bring(case: Case) -> Iterator[str]:
    seen, _ = case.seen, phrases(case.language)
    if seen.state in {State.INCOMPLETE, State.WAITING}:
        yield from (case.read(paper) for paper in seen.missing_papers)
    elif seen.state == State.READY:
        yield _("This slip or its code")
        yield _("Your identity paper")
    if case.owes_fee and seen.fee_riel is not None:
        yield _("The fee: %(fee)s") % {"fee": riel(seen.fee_riel - seen.paid_riel)}


def _steps(case: Case) -> Iterator[Step]:
    seen, _ = case.seen, phrases(case.language)
    yield Step(DONE, _("Received"), case.time(seen.received_at))
    if seen.fee_riel:
        fee = riel(seen.fee_riel)
        when = f"{case.time(seen.paid_at)} · {fee}" if seen.paid_at else fee
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
            yield Step(NOW if is_now else DONE, case.read(stage), _visit_text(case, visit))
        elif not reached:
            if planned is not None:
                planned = add_working_minutes(planned, stage.limit_minutes, case.calendar)
            yield Step(LATER, case.read(stage), _planned_text(case, planned))


def _planned_text(case: Case, planned: datetime | None) -> str:
    _ = phrases(case.language)
    return _("planned by %(day)s") % {"day": case.day(planned)} if planned else ""


def _visit_text(case: Case, visit: TrackedVisit) -> str:
    _ = phrases(case.language)
    since, planned = case.time(visit.entered_at), case.time(visit.due_at)
    if visit.left_at is None:
        return _("since %(since)s · planned by %(planned)s") % {"since": since, "planned": planned}
    done = case.time(visit.left_at)
    return _("done %(done)s · planned by %(planned)s") % {"done": done, "planned": planned}


def _last_steps(case: Case) -> Iterator[Step]:
    seen, _ = case.seen, phrases(case.language)
    if seen.state in {State.REJECTED, State.WITHDRAWN} and seen.closed_at:
        yield Step(DONE, str(seen.state.label), case.time(seen.closed_at))
        return
    if seen.ready_at:
        yield Step(DONE, _("Ready to collect"), case.time(seen.ready_at))
    else:
        yield Step(LATER, _("Ready to collect"), _planned_text(case, seen.promised_at))
    if seen.delivered_at:
        yield Step(DONE, _("Collected"), case.time(seen.delivered_at))


def _days(case: Case) -> SafeString:
    if case.seen.state not in {*CLOCK_RUNS, State.WAITING}:
        return SafeString()
    return day_rows(case.seen, case.terms.limit_days, case.calendar, case.now, case.language)
