"""Asking another role of the office for an opinion, giving it, and taking the question back."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from owso.errors import AlreadyDone, InvalidTransition, NotFound
from services.calendars.deadlines import add_working_days
from services.casework.kinds import ASKED_ROLES, OPINION_DAYS, Recommendation
from services.casework.models import Opinion
from services.casework.stages import own_stage
from services.casework.wordings import OPINION_STAGE
from services.offices.actors import Actor
from services.offices.models import StaffRole
from services.requests.actions import advance_request
from services.requests.locking import lock_for
from services.requests.models import ServiceRequest
from services.requests.planning import office_calendar
from services.requests.texts import Fields, checked_now, clean_note
from services.requests.trail import trace
from services.requests.writing import write_together


def ask_opinion(
    request_id: int,
    *,
    role: str,
    question: str,
    days: int,
    by: Actor,
    seen_visit_id: int | None = None,
    now: datetime | None = None,
) -> Opinion:
    """Ask a role of the office for an opinion within some working days.

    The stage cannot be left until it is given or withdrawn; the legal clock goes on. Raises
    AlreadyDone when that role is asked already.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, _terms = lock_for("ask_opinion", request_id, by=by, seen_visit_id=seen_visit_id)
        text = _question(request, role, question, days)
        if _open(request.pk).filter(role=role).exists():
            raise AlreadyDone(
                "asked_already", _("This opinion has been asked for already. Wait for the answer.")
            )
        opinion = Opinion(
            request=request,
            office_id=request.office_id,
            role=role,
            question=text,
            asked_by_id=by.user_id,
            asked_at=moment,
            due_at=add_working_days(moment, days, office_calendar(request.office_id)),
        )
        opinion.save(force_insert=True)
        write_together(trace(by, "ask_opinion", request, before=request.state, role=role))
    return opinion


def give_opinion(
    opinion_id: int,
    *,
    recommendation: str,
    answer: str,
    by: Actor,
    now: datetime | None = None,
) -> Opinion:
    """Answer a question in the role it was asked of; an answer stands for good."""
    moment = checked_now(now)
    with transaction.atomic():
        opinion, request = _locked("give_opinion", opinion_id, by=by)
        opinion.recommendation = recommendation
        opinion.answer = _answer(recommendation, answer)
        opinion.answered_by_id, opinion.answered_at = by.user_id, moment
        opinion.save(update_fields=["recommendation", "answer", "answered_by", "answered_at"])
        write_together(trace(by, "give_opinion", request, before=request.state, role=opinion.role))
    return opinion


def conclude_opinion(
    request_id: int,
    *,
    recommendation: str,
    answer: str,
    by: Actor,
    seen_visit_id: int | None = None,
    now: datetime | None = None,
) -> Opinion:
    """Give the opinion that the present stage is for, and finish that stage.

    Raises InvalidTransition in any other stage.
    """
    moment = checked_now(now)
    with transaction.atomic():
        request, terms = lock_for("conclude", request_id, by=by, seen_visit_id=seen_visit_id)
        visit = own_stage(request, terms, by=by)
        if visit.stage_code != OPINION_STAGE:
            raise InvalidTransition(
                "no_opinion_here", _("This stage is not for an opinion. Look at the file again.")
            )
        opinion = Opinion(
            request=request,
            office_id=request.office_id,
            role=visit.actor_role,
            asked_at=visit.entered_at,
            due_at=visit.due_at,
            recommendation=recommendation,
            answer=_answer(recommendation, answer),
            answered_by_id=by.user_id,
            answered_at=moment,
        )
        opinion.save(force_insert=True)
        write_together(trace(by, "conclude", request, before=request.state, role=opinion.role))
        advance_request(request_id, by=by, seen_visit_id=visit.pk, now=moment)
    return opinion


def withdraw_opinion(opinion_id: int, *, by: Actor, now: datetime | None = None) -> Opinion:
    """Take a question back, so that the file goes on without the opinion."""
    moment = checked_now(now)
    with transaction.atomic():
        opinion, request = _locked("ask_opinion", opinion_id, by=by)
        opinion.withdrawn_by_id, opinion.withdrawn_at = by.user_id, moment
        opinion.save(update_fields=["withdrawn_by", "withdrawn_at"])
        entry = trace(by, "withdraw_opinion", request, before=request.state, role=opinion.role)
        write_together(entry)
    return opinion


def _answer(recommendation: str, answer: str) -> str:
    fields = Fields()
    text = clean_note(answer, field="answer", fields=fields, is_required=True)
    if recommendation not in Recommendation.values:
        fields.take("recommendation", _("Choose what the opinion comes to."))
    fields.refuse()
    return text


def _question(request: ServiceRequest, role: str, question: str, days: int) -> str:
    fields = Fields()
    text = clean_note(question, field="question", fields=fields, is_required=True)
    if days not in OPINION_DAYS:
        fields.take("days", _("Give between 1 and 10 working days."))
    if role not in ASKED_ROLES:
        fields.take("role", _("Choose whose opinion is asked for."))
    elif not StaffRole.objects.filter(office_id=request.office_id, role=role).exists():
        fields.take("role", _("Nobody has this role at this office. Choose another one."))
    fields.refuse()
    return text


def _open(request_id: int) -> QuerySet[Opinion]:
    return Opinion.objects.filter(
        request_id=request_id, answered_at__isnull=True, withdrawn_at__isnull=True
    )


def _locked(step: str, opinion_id: int, *, by: Actor) -> tuple[Opinion, ServiceRequest]:
    """Lock the request of an open opinion; whoever was not asked finds nothing to answer."""
    request_id = Opinion.objects.filter(pk=opinion_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise NotFound
    request, terms = lock_for(step, request_id, by=by)
    opinion = Opinion.objects.get(pk=opinion_id)
    place = {"office_id": request.office_id, "sector_id": terms.sector_id}
    if step == "give_opinion" and not by.holds(opinion.role, **place):
        raise NotFound
    if not opinion.is_open:
        raise AlreadyDone(
            "opinion_closed", _("This question has been answered or taken back already.")
        )
    return opinion, request
