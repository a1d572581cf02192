"""The back office's part of a file: who works on it, its document, opinions and notes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from owso.accounts.permissions import Verb
from owso.formats import local_datetime
from services.casework.contents import outcome_number
from services.casework.models import Note, Opinion
from services.casework.queries import Casework
from services.casework.rules import issues_document
from services.casework.tokens import format_token
from services.catalogue.queries import terms as terms_of
from services.requests.models import ServiceRequest
from services.requests.states import STEPS
from services.web.access import StaffRequest
from services.web.counter.file_history import person, role_name
from services.web.counter.file_steps import step_form
from services.web.counter.rows import left_text, tone_of
from services.web.counter.step_forms import StepForm


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """One question with its answer; `form` only for those who are asked and may answer now."""

    id: int
    key: str
    role: str
    question: str
    asked: str
    tone: str
    left: str
    recommendation: str
    answer: str
    answered: str
    is_withdrawn: bool
    form: StepForm | None
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One note."""

    kind: str
    is_return: bool
    text: str
    by: str


def casework_context(
    request: StaffRequest,
    found: ServiceRequest,
    work: Casework,
    bound: dict[str, StepForm],
    now: datetime,
) -> dict[str, Any]:
    """What the page says of the work beside the stages."""
    document = work.document
    has_document = document is not None or issues_document(terms_of(found.service_version_id))
    scope = {"office_id": found.office_id}
    opinions = [_opinion(request, found, each, bound, now) for each in work.opinions]
    return {
        "with_whom": "" if work.assignment is None else person(work.assignment.user),
        "has_document": has_document,
        "document": document,
        "document_number": ""
        if document is None
        else outcome_number(document.office.code, document.year, document.number),
        "document_token": "" if document is None else format_token(document.token),
        "signed_by": "" if document is None else person(document.signed_by),
        "draft": work.draft,
        "draft_by": "" if work.draft is None else person(work.draft.written_by),
        "may_print_document": request.actor.may(Verb.PRINT_OUTCOME, **scope),
        "opinions": opinions,
        "is_asked": any(opinion.form for opinion in opinions),
        "notes": [_note(each) for each in reversed(work.notes)],
        "returned": next((_note(each) for each in reversed(work.notes) if _is_return(each)), None),
    }


def _opinion(
    request: StaffRequest,
    found: ServiceRequest,
    opinion: Opinion,
    bound: dict[str, StepForm],
    now: datetime,
) -> OpinionLine:
    scope = {
        "office_id": found.office_id,
        "sector_id": terms_of(found.service_version_id).sector_id,
    }
    actor, key = request.actor, f"answer-{opinion.pk}"
    is_live = opinion.is_open and found.state in STEPS["give_opinion"].begins
    may_answer = (
        is_live and actor.may(Verb.GIVE_OPINION, **scope) and actor.holds(opinion.role, **scope)
    )
    asker = person(opinion.asked_by)
    return OpinionLine(
        id=opinion.pk,
        key=key,
        role=role_name(opinion.role),
        question=opinion.question,
        asked=f"{asker} · {local_datetime(opinion.asked_at)}" if opinion.question else "",
        tone=tone_of("in_progress", opinion.due_at, now) if is_live else "done",
        left=left_text(opinion.due_at, now) if is_live else "",
        recommendation=opinion.get_recommendation_display() if opinion.recommendation else "",
        answer=opinion.answer,
        answered=f"{person(opinion.answered_by)} · {local_datetime(opinion.answered_at)}"
        if opinion.answered_at
        else "",
        is_withdrawn=opinion.withdrawn_at is not None,
        form=(bound.get(key) or step_form("answer", found, key=key)) if may_answer else None,
        may_withdraw=is_live and actor.may(Verb.ASK_OPINION, **scope),
    )


def _note(note: Note) -> NoteLine:
    by = f"{person(note.author)} · {local_datetime(note.written_at)}"
    return NoteLine(str(note.get_kind_display()), _is_return(note), note.text, by)


def _is_return(note: Note) -> bool:
    return note.kind == "returned"
