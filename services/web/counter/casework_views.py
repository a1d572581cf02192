"""The work on a file beside its stages, one view and one action each."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.casework import actions
from services.casework.contents import outcome_number
from services.casework.models import Opinion
from services.offices.queries import office
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest, needs
from services.web.counter.taking import take_step

Data = Mapping[str, Any]


@needs(Verb.TAKE_FILE)
@require_POST
def take(request: StaffRequest, code: str) -> HttpResponse:
    """Become the one who works on the file."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.take_file(found.pk, by=request.actor, seen_visit_id=data["seen"])
        return _("The file is yours.")

    return take_step(request, code, "take", act)


@needs(Verb.ASSIGN_FILE)
@require_POST
def assign(request: StaffRequest, code: str) -> HttpResponse:
    """Give the file to a colleague."""

    def act(found: ServiceRequest, data: Data) -> str:
        given = actions.assign_file(
            found.pk,
            to_user_id=int(data["person"]),
            by=request.actor,
            seen_visit_id=data["seen"],
        )
        return _("%(who)s works on the file now.") % {"who": given.user.full_name_km}

    return take_step(request, code, "assign", act)


@needs(Verb.WRITE_NOTE)
@require_POST
def note(request: StaffRequest, code: str) -> HttpResponse:
    """Add a note."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.write_note(found.pk, text=data["text"], by=request.actor)
        return _("The note is kept.")

    return take_step(request, code, "note", act)


@needs(Verb.ASK_OPINION)
@require_POST
def ask(request: StaffRequest, code: str) -> HttpResponse:
    """Ask for an opinion."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.ask_opinion(
            found.pk,
            role=data["role"],
            question=data["question"],
            days=int(data["days"]),
            by=request.actor,
            seen_visit_id=data["seen"],
        )
        return _("The opinion is asked for. The stage ends when the answer is here.")

    return take_step(request, code, "ask_opinion", act)


@needs(Verb.GIVE_OPINION)
@require_POST
def answer(request: StaffRequest, code: str, opinion_id: int) -> HttpResponse:
    """Give an opinion that was asked for."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.give_opinion(
            _of(found, opinion_id),
            recommendation=data["recommendation"],
            answer=data["answer"],
            by=request.actor,
        )
        return _("The opinion is given.")

    return take_step(request, code, "answer", act, key=f"answer-{opinion_id}")


@needs(Verb.GIVE_OPINION)
@require_POST
def conclude(request: StaffRequest, code: str) -> HttpResponse:
    """Give the opinion this stage is for, and finish the stage."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.conclude_opinion(
            found.pk,
            recommendation=data["recommendation"],
            answer=data["answer"],
            by=request.actor,
            seen_visit_id=data["seen"],
        )
        return _("The opinion is given.")

    return take_step(request, code, "conclude", act)


@needs(Verb.ASK_OPINION)
@require_POST
def withdraw_question(request: StaffRequest, code: str, opinion_id: int) -> HttpResponse:
    """Go on without an opinion that was asked for."""

    def act(found: ServiceRequest, _data: Data) -> str:
        actions.withdraw_opinion(_of(found, opinion_id), by=request.actor)
        return _("The question is taken back.")

    return take_step(request, code, "take", act)


@needs(Verb.WRITE_DRAFT)
@require_POST
def draft(request: StaffRequest, code: str) -> HttpResponse:
    """Keep the text of the document."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.save_draft(
            found.pk, body=data["body"], by=request.actor, seen_visit_id=data["seen"]
        )
        return _("The draft is kept.")

    return take_step(request, code, "draft", act)


@needs(Verb.SEND_BACK)
@require_POST
def return_file(request: StaffRequest, code: str) -> HttpResponse:
    """Send the file back to an earlier stage."""

    def act(found: ServiceRequest, data: Data) -> str:
        actions.send_back(
            found.pk,
            to_stage=data["to_stage"],
            reason=data["reason"],
            by=request.actor,
            seen_visit_id=data["seen"],
        )
        return _("The file was sent back.")

    return take_step(request, code, "send_back", act)


@needs(Verb.SIGN)
@require_POST
def sign(request: StaffRequest, code: str) -> HttpResponse:
    """Sign the document."""

    def act(found: ServiceRequest, data: Data) -> str:
        made = actions.sign_outcome(found.pk, by=request.actor, seen_visit_id=data["seen"])
        number = outcome_number(office(made.office_id).code, made.year, made.number)
        return _("Signed: number %(number)s.") % {"number": number}

    return take_step(request, code, "sign", act)


def _of(found: ServiceRequest, opinion_id: int) -> int:
    """The opinion, when it is one about this request."""
    if not Opinion.objects.filter(pk=opinion_id, request=found).exists():
        raise NotFound
    return opinion_id
