"""The work on a file beside its stages, one view and one action each."""

from django.utils.translation import gettext as _

from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.casework import actions
from services.casework.contents import outcome_number
from services.casework.models import Opinion
from services.offices.queries import office
from services.requests.models import ServiceRequest
from services.web.access import StaffRequest
from services.web.counter.taking import Data, step


@step(Verb.TAKE_FILE, "take")
def take(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Become the one who works on the file."""
    actions.take_file(found.pk, by=request.actor, seen_visit_id=data["seen"])
    return _("The file is yours.")


@step(Verb.ASSIGN_FILE, "assign")
def assign(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Give the file to a colleague."""
    given = actions.assign_file(
        found.pk,
        to_user_id=int(data["person"]),
        by=request.actor,
        seen_visit_id=data["seen"],
    )
    return _("%(who)s works on the file now.") % {"who": given.user.full_name_km}


@step(Verb.WRITE_NOTE, "note")
def note(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Add a note."""
    actions.write_note(found.pk, text=data["text"], by=request.actor)
    return _("The note is kept.")


@step(Verb.ASK_OPINION, "ask_opinion")
def ask(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Ask for an opinion."""
    actions.ask_opinion(
        found.pk,
        role=data["role"],
        question=data["question"],
        days=int(data["days"]),
        by=request.actor,
        seen_visit_id=data["seen"],
    )
    return _("The opinion is asked for. The stage ends when the answer is here.")


@step(Verb.GIVE_OPINION, "answer", is_repeated=True)
def answer(request: StaffRequest, found: ServiceRequest, data: Data, opinion_id: int) -> str:
    """Give an opinion that was asked for."""
    actions.give_opinion(
        _of(found, opinion_id),
        recommendation=data["recommendation"],
        answer=data["answer"],
        by=request.actor,
    )
    return _("The opinion is given.")


@step(Verb.GIVE_OPINION, "conclude")
def conclude(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Give the opinion this stage is for, and finish the stage."""
    actions.conclude_opinion(
        found.pk,
        recommendation=data["recommendation"],
        answer=data["answer"],
        by=request.actor,
        seen_visit_id=data["seen"],
    )
    return _("The opinion is given.")


@step(Verb.ASK_OPINION, "take")
def withdraw_question(
    request: StaffRequest, found: ServiceRequest, _data: Data, opinion_id: int
) -> str:
    """Go on without an opinion that was asked for."""
    actions.withdraw_opinion(_of(found, opinion_id), by=request.actor)
    return _("The question is taken back.")


@step(Verb.WRITE_DRAFT, "draft")
def draft(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Keep the text of the document."""
    actions.save_draft(found.pk, body=data["body"], by=request.actor, seen_visit_id=data["seen"])
    return _("The draft is kept.")


@step(Verb.SEND_BACK, "send_back")
def return_file(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Send the file back to an earlier stage."""
    actions.send_back(
        found.pk,
        to_stage=data["to_stage"],
        reason=data["reason"],
        by=request.actor,
        seen_visit_id=data["seen"],
    )
    return _("The file was sent back.")


@step(Verb.SIGN, "sign")
def sign(request: StaffRequest, found: ServiceRequest, data: Data) -> str:
    """Sign the document."""
    made = actions.sign_outcome(found.pk, by=request.actor, seen_visit_id=data["seen"])
    number = outcome_number(office(made.office_id).code, made.year, made.number)
    return _("Signed: number %(number)s.") % {"number": number}


def _of(found: ServiceRequest, opinion_id: int) -> int:
    """The opinion, when it is one about this request."""
    if not Opinion.objects.filter(pk=opinion_id, request=found).exists():
        raise NotFound
    return opinion_id
